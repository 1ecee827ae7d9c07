import { requestCertificate } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { signCertificate } from '../sign-certificate.js';

const csr = '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n';
const input = { request: csr, use: 'ChargingStationCertificate' } as const;

export const examples = received(signCertificate, requestCertificate, {
  'a request that is kept': { request: { csr }, input, outcome: { accepted: true }, reply: { status: 'Accepted' } },
  'a request that may not be signed': { request: { csr }, input, outcome: { accepted: false }, reply: { status: 'Rejected' } },
});
