import { textOf } from './payload-fields.js';
import type { RemoteControl } from './remote-control.js';
import { asPayload } from './rpc/frames.js';
import type { Command } from './rpc/inbound-calls.js';

/** Certificates, as a 1.6 CSMS with the security extension handles them. */
export function certificateCommands({ certificates }: RemoteControl): [string, Command][] {
  return [
    ['CertificateSigned', (payload) => certificates.signed(textOf(payload, 'certificateChain'))],
    ['InstallCertificate', (payload) => certificates.install(textOf(payload, 'certificateType'), textOf(payload, 'certificate'))],
    ['DeleteCertificate', (payload) => certificates.delete(asPayload(payload['certificateHashData']))],
    ['GetInstalledCertificateIds', (payload) => certificates.list(textOf(payload, 'certificateType'))],
  ];
}
