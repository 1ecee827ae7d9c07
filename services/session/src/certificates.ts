import type { Bus, Serving } from '@ohmnibus/bus';
import { addCertificateAuthority, decideCertificateRequest, deliverCertificateCommand, removeCertificateAuthority, renewCertificateCommand, revokeCertificate, stationChanged } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import { Fault, type Clock } from '@ohmnibus/domain';
import { Repeat, type Log } from '@ohmnibus/runtime';
import type { SessionConfig } from './config.js';
import { DecideRequest } from './decide-request/decide-request.js';
import { RevokeCertificate } from './decide-request/revoke-certificate.js';
import { KeepAuthorities } from './keep-authorities/keep-authorities.js';
import { RenewCertificates } from './renew-certificates/renew-certificates.js';
import { RequestCertificate } from './request-certificate/request-certificate.js';
import { RequestStore } from './request-certificate/request-store.js';
import { Authorities } from './sign-certificates/authorities.js';
import { SignCertificates } from './sign-certificates/sign-certificates.js';
import { SigningQueue } from './sign-certificates/signing-queue.js';

/** How often the signing queue is looked at: it is short, and almost always empty. */
const queueMs = 1_000;
const renewalMs = 60_000;

/** Everything about certificates that this service does: what stations ask, what operators decide, and the signing in between. */
export class Certificates {
  readonly requestCertificate: RequestCertificate;
  private readonly signing: SignCertificates;
  private readonly renewal: RenewCertificates;

  constructor(
    private readonly bus: Bus,
    private readonly database: Database,
    config: SessionConfig,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    const { STATION_CERTIFICATE_ORGANIZATION: organization, CERTIFICATE_AUTHORITY_FILE: certificate, CERTIFICATE_AUTHORITY_KEY_FILE: key } = config;
    const rules = {
      names: config.CERTIFICATE_SUBJECT,
      organization,
      automatic: config.CERTIFICATE_SIGNING === 'automatic',
      hours: config.CERTIFICATE_REQUEST_HOURS,
      perDay: config.CERTIFICATE_REQUESTS_PER_DAY,
    };
    if ((certificate === undefined) !== (key === undefined)) {
      throw new Fault('bad-value', 'CERTIFICATE_AUTHORITY_FILE and CERTIFICATE_AUTHORITY_KEY_FILE belong together');
    }
    this.requestCertificate = new RequestCertificate(new RequestStore(database), rules, clock, log);
    const authorities = new Authorities(
      database,
      {
        secret: config.CERTIFICATE_AUTHORITY_SECRET,
        files: certificate === undefined || key === undefined ? undefined : { certificate, key },
        keyType: config.CERTIFICATE_AUTHORITY_KEY_TYPE,
        days: config.CERTIFICATE_DAYS,
        organization,
      },
      clock,
      log,
    );
    this.signing = new SignCertificates(new SigningQueue(database), authorities, (command) => bus.ask(deliverCertificateCommand, {}, command), clock, log);
    this.renewal = new RenewCertificates(database, (command) => bus.ask(renewCertificateCommand, {}, command), config.CERTIFICATE_RENEWAL_DAYS, clock, log);
  }

  /** The questions of the bus that are about certificates. */
  serve(): Serving[] {
    const authorities = new KeepAuthorities(this.database);
    const decide = new DecideRequest(this.database, this.clock);
    const revoke = new RevokeCertificate(this.database, (station) => this.bus.tell(stationChanged, {}, { ...station, change: 'revoked' }), this.clock);
    return [
      this.bus.serve(addCertificateAuthority, {}, (question) => authorities.add(question)),
      this.bus.serve(removeCertificateAuthority, {}, (question) => authorities.remove(question)),
      this.bus.serve(decideCertificateRequest, {}, (question) => decide.run(question)),
      this.bus.serve(revokeCertificate, {}, (question) => revoke.run(question)),
    ];
  }

  /** The signing queue and the renewals. */
  work(): { stop(): Promise<unknown> } {
    const rounds = [
      new Repeat('certificate-signing', () => this.signing.run(), queueMs, this.log).start(),
      new Repeat('certificate-renewal', () => this.renewal.run(), renewalMs, this.log).start(),
    ];
    return {
      stop: () => {
        this.signing.stop();
        return Promise.all(rounds.map((round) => round.stop()));
      },
    };
  }
}
