import { certificateDelivered, deliverCertificate, found } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Gives the station the certificate that it asked for. 1.6 knows one for the connection only. */
export const certificateSigned = toStation('CertificateSigned', deliverCertificate).translate({
  fits: ({ use }) => use === 'ChargingStationCertificate',
  toRequest: ({ chain }) => ({ certificateChain: chain }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ certificateChain }, { status }) =>
    found(certificateDelivered, { chain: certificateChain, use: 'ChargingStationCertificate', accepted: status === 'Accepted' }),
});
