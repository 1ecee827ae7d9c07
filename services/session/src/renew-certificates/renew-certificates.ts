import type { CommandAnswer, RenewCertificateCommand } from '@ohmnibus/contracts';
import type { Database, Statement } from '@ohmnibus/database';
import { asFault, type Clock, type StationCertificateUse } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';

/** Stations told at once, of one process. */
const atOnce = 16;
const answerSeconds = 60;
/** How long after it was told a station is told again. */
const restHours = 24;

/** The newest certificate that a station took, if it ends soon and nothing newer is on its way. */
const takeEnding: Statement = {
  name: 'certificates-ending',
  text: `UPDATE certificate_request SET renewal_asked_at = $1
    WHERE id IN (
      SELECT ending.id FROM certificate_request ending JOIN station ON station.tenant = ending.tenant AND station.id = ending.station AND station.online
      WHERE ending.state = 'accepted' AND ending.revoked_at IS NULL AND ending.not_after > $1 AND ending.not_after < $1::timestamptz + make_interval(days => $2)
        AND (ending.renewal_asked_at IS NULL OR ending.renewal_asked_at < $1::timestamptz - make_interval(hours => $3))
        AND NOT EXISTS (
          SELECT FROM certificate_request newer WHERE newer.tenant = ending.tenant AND newer.station = ending.station AND newer.use = ending.use
            AND newer.requested_at > ending.requested_at AND newer.state IN ('pending', 'signed', 'accepted'))
      ORDER BY ending.not_after LIMIT $4 FOR UPDATE OF ending SKIP LOCKED)
    RETURNING tenant, station, use, not_after`,
};

/** Has stations renew certificates of ours before they end. A station does so by itself as well, if it knows how (1.6 security extension, A03). */
export class RenewCertificates {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly renew: (command: RenewCertificateCommand) => Promise<CommandAnswer>,
    /** How long before the end; 0: never. */
    private readonly days: number,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** One round: how many stations were told. */
  async run(): Promise<number> {
    if (this.days === 0) return 0;
    type Row = [tenant: string, station: string, use: StationCertificateUse, notAfter: Date];
    const rows = await this.database.run<Row>(takeEnding, [this.clock.now(), this.days, restHours, atOnce]);
    // Some take their time to answer, and nobody waits for that.
    for (const [tenant, station, use, until] of rows) void this.tell({ tenant, station, use, until });
    return rows.length;
  }

  /** Never rejects: a station that did not hear is told again tomorrow. */
  private async tell({ until, ...wanted }: Pick<RenewCertificateCommand, 'tenant' | 'station' | 'use'> & { readonly until: Date }): Promise<void> {
    const { tenant, station } = wanted;
    try {
      const { state } = await this.renew({ ...wanted, timeoutSeconds: answerSeconds, requestedBy: 'certificate renewal' });
      this.log.info('certificate-renewal-asked', { tenant, station, until, state });
    } catch (error) {
      this.log.warn('certificate-renewal-failed', { tenant, station, until, error: asFault(error).message });
    }
  }
}
