import { deleteCertificate as forget } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { deleteCertificate } from '../delete-certificate.js';

const certificate = { hashAlgorithm: 'SHA256', issuerNameHash: 'aB01', issuerKeyHash: 'Cd02', serialNumber: '0E03' } as const;
const request = { certificateHashData: certificate };

export const examples = sent(
  deleteCertificate,
  forget,
  { 'a root, spelled as the station spells it': { input: { certificate }, request } },
  byStatus({ yes: ['Accepted'], no: ['Failed', 'NotFound'] }),
  [
    [request, { status: 'Accepted' }, { certificate }],
    [request, { status: 'NotFound' }, { certificate }],
    [request, { status: 'Failed' }, undefined],
  ],
);
