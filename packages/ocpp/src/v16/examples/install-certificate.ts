import { installCertificate as install } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { installCertificate } from '../install-certificate.js';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

export const examples = sent(
  installCertificate,
  install,
  {
    'our root': { input: { use: 'CSMSRootCertificate', certificate }, request: { certificateType: 'CentralSystemRootCertificate', certificate } },
    'the manufacturer\'s root': {
      input: { use: 'ManufacturerRootCertificate', certificate },
      request: { certificateType: 'ManufacturerRootCertificate', certificate },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Failed', 'Rejected'] }),
  [
    [{ certificateType: 'CentralSystemRootCertificate', certificate }, { status: 'Accepted' }, { use: 'CSMSRootCertificate', certificate }],
    [{ certificateType: 'CentralSystemRootCertificate', certificate }, { status: 'Rejected' }, undefined],
    [{ certificateType: 'ManufacturerRootCertificate', certificate }, { status: 'Failed' }, undefined],
  ],
);
