import { asFault, implausibleClock, type Authorization, type Flag, type TransactionOutcome, type TransactionReport } from '@ohmnibus/domain';
import type { Authorizer } from '../authorize/authorizer.js';
import type { Quarantine } from '../quarantine/quarantine.js';
import type { EventStore } from './event-store.js';
import type { StopStore } from './stop-store.js';

/**
 * A transaction began, went on or ended. Answered when it is committed. What is implausible is stored with a flag; what cannot be stored
 * is answered all the same and kept in quarantine, because an error would make the station repeat it for ever. Only a fault that passes,
 * such as a database that is away, is an error.
 */
export class RecordTransaction {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly events: Pick<EventStore, 'apply' | 'reserveNumber'>,
    private readonly stops: Pick<StopStore, 'end'>,
    private readonly quarantine: Pick<Quarantine, 'add'>,
  ) {}

  async run(report: TransactionReport): Promise<TransactionOutcome> {
    const authorization = await this.authorize(report);
    const flags = flagsOf(report, authorization);
    const number = 'key' in report.transaction ? await this.apply(report, report.transaction.key, authorization, flags) : await this.end(report, report.transaction.number, flags);
    return { number, ...(authorization && { authorization }) };
  }

  /** Who ends a charge may have others: only a start is refused for them. */
  private async authorize(report: TransactionReport): Promise<Authorization | undefined> {
    if (!report.token) return undefined;
    if (report.kind === 'ended') return this.authorizer.run({ origin: report.origin, token: report.token });
    const key = 'key' in report.transaction ? report.transaction.key : undefined;
    return this.authorizer.decideStart(report.origin, report.token, report.evse?.evse, key);
  }

  private async apply(report: TransactionReport, key: string, authorization: Authorization | undefined, flags: readonly Flag[]): Promise<number> {
    try {
      return await this.events.apply({ report, key, verdict: authorization?.status, flags });
    } catch (error) {
      await this.keep(error, report);
      // A 1.6 station needs a number to go on with, also where there is nothing behind it.
      return report.sequence === undefined ? this.events.reserveNumber() : 0;
    }
  }

  private async end(report: TransactionReport, number: number, flags: readonly Flag[]): Promise<number> {
    try {
      const ended = await this.stops.end({ report, number, flags });
      if (ended === 'unknown') await this.quarantine.add('recordTransaction', 'unknown-transaction', report);
      return ended === 'unknown' ? 0 : number;
    } catch (error) {
      await this.keep(error, report);
      return 0;
    }
  }

  private async keep(error: unknown, report: TransactionReport): Promise<void> {
    const fault = asFault(error);
    if (fault.code !== 'bad-value') throw fault;
    await this.quarantine.add('recordTransaction', fault.message, report);
  }
}

function flagsOf(report: TransactionReport, authorization: Authorization | undefined): Flag[] {
  const flags: Flag[] = [...(report.flags ?? [])];
  if (implausibleClock(report.at, report.origin.receivedAt)) flags.push('clock-implausible');
  // Which others a station has not is seen when they are compared with what it has reported.
  if (report.kind === 'started' && report.evse && report.evse.evse < 1) flags.push('unknown-connector');
  if (report.kind === 'started' && authorization && authorization.status !== 'Accepted') flags.push('token-refused');
  return flags;
}
