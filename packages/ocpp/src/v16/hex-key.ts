import { Fault } from '@ohmnibus/domain';

const digits = /^[0-9A-Fa-f]{32,40}$/;

/**
 * A password as the value of AuthorizationKey: 16 to 20 bytes, written as hexadecimal digits (J16 6.2.2, whitepaper A00). Digits stay as they
 * are; text is taken for its UTF-8 bytes. A Fault `bad-value` for what is shorter or longer.
 */
export function hexKey(password: string): string {
  if (digits.test(password) && password.length % 2 === 0) return password;
  const bytes = new TextEncoder().encode(password);
  if (bytes.length < 16 || bytes.length > 20) {
    throw new Fault('bad-value', 'the password of a 1.6 station has 16 to 20 bytes, or is written as 32 to 40 hexadecimal digits', { path: 'password' });
  }
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
