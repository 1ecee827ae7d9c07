import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export const keyTypes = ['ecdsa-p256', 'rsa-3072'] as const;
export type KeyType = (typeof keyTypes)[number];

/** WebCrypto's words for a key, whose signatures are over SHA-256. */
type Algorithm = { readonly name: 'ECDSA'; readonly namedCurve: string; readonly hash: 'SHA-256' } | { readonly name: 'RSASSA-PKCS1-v1_5'; readonly hash: 'SHA-256' };

const generate = promisify(generateKeyPair) as unknown as (type: string, options: object) => Promise<{ privateKey: KeyObject }>;
const curves: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** A new private key, PKCS#8 in PEM. */
export async function generateKey(type: KeyType): Promise<string> {
  const { privateKey } = type === 'rsa-3072' ? await generate('rsa', { modulusLength: 3072 }) : await generate('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A key to sign with, and its public half. */
export async function signingKeys(privateKeyPem: string): Promise<{ readonly keys: CryptoKeyPair; readonly algorithm: Algorithm }> {
  const privateKey = createPrivateKey(privateKeyPem);
  const algorithm: Algorithm =
    privateKey.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: curves[privateKey.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256', hash: 'SHA-256' };
  const [pkcs8, spki] = [privateKey.export({ format: 'der', type: 'pkcs8' }), createPublicKey(privateKey).export({ format: 'der', type: 'spki' })];
  const [forSigning, forVerifying] = await Promise.all([
    crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']),
    crypto.subtle.importKey('spki', new Uint8Array(spki), algorithm, true, ['verify']),
  ]);
  return { keys: { privateKey: forSigning, publicKey: forVerifying }, algorithm };
}
