import { certificateDeleted, deleteCertificate as forget, found } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Has the station forget a root, named as the station names it. `NotFound` is a no, and tells that it does not have it. */
export const deleteCertificate = toStation('DeleteCertificate', forget).translate({
  toRequest: ({ certificate: { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } }) => ({
    certificateHashData: { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber },
  }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ certificateHashData }, { status }) => (status === 'Failed' ? undefined : found(certificateDeleted, { certificate: certificateHashData })),
});
