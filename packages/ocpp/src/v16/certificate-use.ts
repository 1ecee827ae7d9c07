import type { RootCertificateUse } from '@ohmnibus/domain';
import type { Request } from './dialect.js';

type Use = Request<'InstallCertificate'>['certificateType'];

/** 1.6 knows the roots of ourselves and of the manufacturer; the central system is the CSMS. */
const uses: Partial<Record<RootCertificateUse, Use>> = {
  CSMSRootCertificate: 'CentralSystemRootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
};

export function knowsUse({ use }: { readonly use: RootCertificateUse }): boolean {
  return uses[use] !== undefined;
}

/** What 1.6 does not know is refused by the schema before it is sent. */
export function writeUse(use: RootCertificateUse): Use {
  return uses[use] ?? (use as Use);
}

export function readUse(use: Use): RootCertificateUse {
  return use === 'CentralSystemRootCertificate' ? 'CSMSRootCertificate' : use;
}
