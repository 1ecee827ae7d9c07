import { certificatesListed, found, listCertificates } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { knowsUse, readUse, writeUse } from './certificate-use.js';
import { toStation } from './dialect.js';

/** Asks which roots the station has for a use. `NotFound` is an answer too: it has none. */
export const getInstalledCertificateIds = toStation('GetInstalledCertificateIds', listCertificates).translate({
  fits: knowsUse,
  toRequest: ({ use }) => ({ certificateType: writeUse(use) }),
  toVerdict: statusVerdict('Accepted', 'NotFound'),
  toFinding: ({ certificateType }, { status, certificateHashData }) =>
    found(certificatesListed, { use: readUse(certificateType), certificates: status === 'NotFound' ? [] : (certificateHashData ?? []) }),
});
