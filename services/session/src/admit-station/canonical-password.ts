/** Twice the 16 to 20 bytes that a binary key of OCPP 1.6 has. Half of the longest is shorter than the shortest, so the form below is final. */
const hexKeyLengths = { min: 32, max: 40 };

/**
 * The bytes by which a password is hashed and compared. A 1.6 station whose key was configured as hex digits may send its bytes, or the
 * digits as they are, in either case (J16 6.2.2): all of these have one form. Whatever else stays as it is; it need not be text.
 */
export function canonicalPassword(password: Buffer): Buffer {
  const { length } = password;
  if (length < hexKeyLengths.min || length > hexKeyLengths.max || length % 2 === 1) return password;
  for (const byte of password) if (!isHexDigit(byte)) return password;
  return Buffer.from(password.toString('latin1'), 'hex');
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
