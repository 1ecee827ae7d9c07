import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '@ohmnibus/domain';

const [nonceBytes, tagBytes, formatOne] = [12, 16, 1];

/**
 * Encrypts what must not be readable in a database (AES-256-GCM).
 * @param secret of this installation; at least 16 characters, made by chance
 * @param owner whose it is: it can be opened under this name alone
 */
export function seal(text: string, secret: string, owner: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(formatOne), nonce, cipher.getAuthTag(), sealed]);
}

/** Throws a Fault `forbidden` if it was sealed with another secret or for somebody else, or was changed. */
export function open(sealed: Uint8Array, secret: string, owner: string): string {
  const bytes = Buffer.from(sealed);
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(owner)).setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new Fault('forbidden', 'it was sealed with another secret, or has been changed', {}, { cause: error });
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'ohmnibus sealed keys', 32));
}
