import { certificateInstalled, found, installCertificate as install } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { knowsUse, readUse, writeUse } from './certificate-use.js';
import { toStation } from './dialect.js';

/** Has the station trust a root. `Failed`: it could not, `Rejected`: it would not. */
export const installCertificate = toStation('InstallCertificate', install).translate({
  fits: knowsUse,
  toRequest: ({ use, certificate }) => ({ certificateType: writeUse(use), certificate }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ certificateType, certificate }, { status }) =>
    status === 'Accepted' ? found(certificateInstalled, { use: readUse(certificateType), certificate }) : undefined,
});
