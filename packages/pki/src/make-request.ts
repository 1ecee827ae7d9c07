import { generateKey, signingKeys, type KeyType } from './keys.js';
import { pemOf } from './pem.js';
import { x509 } from './x509.js';

/** A station's side of it: a new key and a request for a certificate for it, both PEM. */
export async function makeRequest(options: {
  readonly commonName: string;
  readonly organization?: string | undefined;
  readonly keyType?: KeyType;
  /** Of an earlier request; absent: a new one. */
  readonly privateKey?: string;
}): Promise<{ readonly privateKey: string; readonly request: string }> {
  const { commonName, organization, keyType = 'ecdsa-p256' } = options;
  const privateKey = options.privateKey ?? (await generateKey(keyType));
  const { keys, algorithm } = await signingKeys(privateKey);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }, ...(organization === undefined ? [] : [{ O: [organization] }])],
    keys,
    signingAlgorithm: algorithm,
  });
  return { privateKey, request: pemOf('CERTIFICATE REQUEST', new Uint8Array(request.rawData)) };
}
