import { deliverCertificate } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { certificateSigned } from '../certificate-signed.js';

const chain = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const delivery = { chain, use: 'ChargingStationCertificate' } as const;

export const examples = sent(
  certificateSigned,
  deliverCertificate,
  { 'a certificate': { input: delivery, request: { certificateChain: chain } } },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
  [
    [{ certificateChain: chain }, { status: 'Accepted' }, { ...delivery, accepted: true }],
    [{ certificateChain: chain }, { status: 'Rejected' }, { ...delivery, accepted: false }],
  ],
);
