import type {
  CommandAnswer,
  DeleteCertificateCommand,
  DeliverCertificateCommand,
  InstallCertificateCommand,
  ListCertificatesAnswer,
  ListCertificatesCommand,
  RenewCertificateCommand,
} from '@ohmnibus/contracts';
import { deleteCertificate, deliverCertificate, installCertificate, listCertificates, rootCertificateUses, triggerMessage, type RootCertificateUse, type StationCertificateUse } from '@ohmnibus/domain';
import { readCertificate } from '@ohmnibus/pki';
import { messageFor } from '@ohmnibus/ocpp';
import type { Presence } from '@ohmnibus/presence';
import { Parts, stateOf } from '../configuration/parts.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { CertificateStore } from './certificate-store.js';

/** The message that a station is told to send; what 1.6 calls it is its translation's business. */
const triggers: Record<StationCertificateUse, string> = { ChargingStationCertificate: 'SignChargingStationCertificate', V2GCertificate: 'SignV2GCertificate' };

/** What a station of any version can be asked about its certificates. */
export class CertificateCommands {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run'>,
    private readonly store: CertificateStore,
    private readonly presence: Pick<Presence, 'owner'>,
  ) {}

  deliver({ chain, use, ...order }: DeliverCertificateCommand): Promise<CommandAnswer> {
    return this.dispatch.run({ ...order, content: ['deliver-certificate', use, chain], request: translated(deliverCertificate, { chain, use }) });
  }

  renew({ use, ...order }: RenewCertificateCommand): Promise<CommandAnswer> {
    return this.dispatch.run({ ...order, content: ['renew-certificate', use], request: translated(triggerMessage, { message: triggers[use] }) });
  }

  /** Rejects with a Fault `bad-value` if it is no certificate: a station would only say that it failed. */
  async install({ use, certificate, ...order }: InstallCertificateCommand): Promise<CommandAnswer> {
    const { pem } = readCertificate(certificate);
    return this.dispatch.run({ ...order, content: ['install-certificate', use, pem], request: translated(installCertificate, { use, certificate: pem }) });
  }

  /** A certificate is named as the station names it, if it has: there are stations that compare the text. */
  async delete({ certificate, ...order }: DeleteCertificateCommand): Promise<CommandAnswer> {
    const spelled = (await this.store.find(order, certificate)) ?? certificate;
    return this.dispatch.run({ ...order, content: ['delete-certificate', spelled], request: translated(deleteCertificate, { certificate: spelled }) });
  }

  /** One CALL per use. */
  async list({ uses, ...order }: ListCertificatesCommand): Promise<ListCertificatesAnswer> {
    const parts = new Parts(this.dispatch, order);
    const outcomes: ListCertificatesAnswer['uses'] = [];
    for (const use of uses ?? (await this.usesOf(order))) {
      outcomes.push({ use, ...(await parts.send({ content: ['list-certificates', use], request: translated(listCertificates, { use }) })) });
    }
    return { state: stateOf(outcomes), uses: outcomes };
  }

  /** Those that the station's version knows; of a station that is away, one, whose outcome says so. */
  private async usesOf(order: ListCertificatesCommand): Promise<readonly RootCertificateUse[]> {
    const owner = await this.presence.owner(order);
    return rootCertificateUses.filter((use) => (owner ? messageFor(owner.protocol, listCertificates, { use }) : use === 'CSMSRootCertificate'));
  }
}
