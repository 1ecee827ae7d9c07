import { listCertificates } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { getInstalledCertificateIds } from '../get-installed-certificate-ids.js';

const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'ab01', issuerKeyHash: 'cd02', serialNumber: 'e03' } as const;
const request = { certificateType: 'CentralSystemRootCertificate' };

export const examples = sent(
  getInstalledCertificateIds,
  listCertificates,
  {
    'our roots': { input: { use: 'CSMSRootCertificate' }, request },
    'the manufacturer\'s roots': { input: { use: 'ManufacturerRootCertificate' }, request: { certificateType: 'ManufacturerRootCertificate' } },
  },
  byStatus({ yes: ['Accepted', 'NotFound'], no: [] }),
  [
    [request, { status: 'Accepted', certificateHashData: [hash] }, { use: 'CSMSRootCertificate', certificates: [hash] }],
    [request, { status: 'NotFound' }, { use: 'CSMSRootCertificate', certificates: [] }],
  ],
);
