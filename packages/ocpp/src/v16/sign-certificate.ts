import { requestCertificate } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';

/** The station asks for a certificate for its connection. `Accepted`: the request is kept, and CertificateSigned follows. */
export const signCertificate = fromStation('SignCertificate', requestCertificate).translate({
  toInput: ({ csr }, origin) => ({ origin, request: csr, use: 'ChargingStationCertificate' }),
  toReply: ({ accepted }) => ({ status: accepted ? 'Accepted' : 'Rejected' }),
});
