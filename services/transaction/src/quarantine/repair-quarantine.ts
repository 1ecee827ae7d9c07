import type { MergeQuarantined, QuarantineStep, Repaired, ReplayQuarantined, Resolution, ResolveQuarantined } from '@ohmnibus/contracts';
import type { Database, Statement } from '@ohmnibus/database';
import { asFault, Fault, type Clock } from '@ohmnibus/domain';
import type { RecordSamples } from '../record-samples/record-samples.js';
import type { RecordTransaction } from '../record-transaction/record-transaction.js';
import { readKeptReport, readingsOf, type KeptReport } from './kept-report.js';
import { placeSamples } from './place-samples.js';

const take: Statement = {
  name: 'take-quarantined',
  text: `SELECT operation, report, resolution, resolved_by, note, transaction FROM quarantine WHERE id = $2::int8 AND tenant = $1::text FOR UPDATE`,
};
const note: Statement = { name: 'audit-quarantined', text: `UPDATE quarantine SET audit = (audit::jsonb || $2::jsonb)::json WHERE id = $1::int8` };
const leave: Statement = {
  name: 'leave-quarantine',
  text: `UPDATE quarantine SET resolved_at = $2::timestamptz, resolution = $3::text, resolved_by = $4::text, note = $5::text, transaction = $6::int WHERE id = $1::int8`,
};
const findTransaction: Statement = {
  name: 'find-merge-target',
  text: `SELECT station, evse, end_epoch, end_frame FROM transaction WHERE number = $2::int AND tenant = $1::text`,
};

type Row = [operation: string, report: unknown, resolution: Resolution | null, by: string | null, note: string | null, transaction: number | null];
type Target = [station: string, evse: number | null, endEpoch: string | null, endFrame: string | null];

const verbs = { resolve: 'resolved', merge: 'merged', replay: 'replayed' } as const;

type Asked = ({ action: 'resolve' } & ResolveQuarantined) | ({ action: 'merge' } & MergeQuarantined) | ({ action: 'replay' } & ReplayQuarantined);

/** The very operations that stations reach, but for what they would put in quarantine: that refuses the repair instead. */
export interface StrictOperations {
  readonly transactions: Pick<RecordTransaction, 'run'>;
  readonly samples: Pick<RecordSamples, 'run'>;
}

/**
 * Lets an operator work off what is in quarantine. Every attempt is noted on the row. What a repair does is idempotent by the keys of the facts
 * themselves, so one that was interrupted is done again. The row is locked meanwhile, and a process does one repair at a time: each holds a
 * connection while its facts are committed on others.
 */
export class RepairQuarantine {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Pick<Database, 'run' | 'transaction'>,
    private readonly operations: StrictOperations,
    private readonly clock: Clock,
  ) {}

  resolve(asked: ResolveQuarantined): Promise<Repaired> {
    return this.repair({ action: 'resolve', ...asked }, () => Promise.resolve(null));
  }

  merge(asked: MergeQuarantined): Promise<Repaired> {
    return this.repair({ action: 'merge', ...asked }, (report, run) => this.attach(report, asked, run));
  }

  replay(asked: ReplayQuarantined): Promise<Repaired> {
    return this.repair({ action: 'replay', ...asked }, (report, run) => this.again(report, run));
  }

  private repair(asked: Asked, work: (report: KeptReport, run: Database['run']) => Promise<number | null>): Promise<Repaired> {
    const repaired = this.turn.then(() => this.repairNow(asked, work));
    this.turn = repaired.catch(() => undefined);
    return repaired;
  }

  private async repairNow(asked: Asked, work: (report: KeptReport, run: Database['run']) => Promise<number | null>): Promise<Repaired> {
    const at = this.clock.now();
    let tried = false;
    const once = async (run: Database['run']): Promise<Repaired> => {
      const [row] = await run<Row>(take, [asked.tenant, asked.id]);
      if (!row) throw new Fault('not-found', `there is no report ${asked.id} in quarantine`);
      const [operation, report, resolution, by, , transaction] = row;
      if (resolution) {
        if (isSame(asked, row)) return { id: asked.id, resolution, transaction };
        throw new Fault('conflict', `report ${asked.id} has been ${resolution} already by ${by}`);
      }
      tried = true;
      const number = asked.action === 'resolve' ? null : await work(readKeptReport(operation, report), run);
      await run(note, [asked.id, audited(asked, at, number)]);
      await run(leave, [asked.id, at, verbs[asked.action], asked.requestedBy, asked.note ?? null, number]);
      return { id: asked.id, resolution: verbs[asked.action], transaction: number };
    };
    try {
      return await this.database.transaction(once);
    } catch (error) {
      const fault = asFault(error);
      if (!tried || fault.transient) throw fault;
      await this.database.run(note, [asked.id, audited(asked, at, null, fault)]);
      // It is not the operator's request that the database will not take, but the station's report.
      throw fault.code === 'bad-value' ? new Fault('conflict', `the report cannot be stored: ${fault.message}`, {}, { cause: fault }) : fault;
    }
  }

  /** The transaction takes over the station's end, or the readings. */
  private async attach(kept: KeptReport, { tenant, transaction: number }: MergeQuarantined, run: Database['run']): Promise<number> {
    const find = async () => {
      const [target] = await run<Target>(findTransaction, [tenant, number]);
      if (!target) throw new Fault('not-found', `there is no transaction ${number}`);
      return target;
    };
    const [station, evse] = await find();
    const ended = kept.operation === 'recordTransaction' && kept.report.kind !== 'updated' ? kept.report : undefined;
    if (ended?.kind === 'started') throw new Fault('conflict', 'a start is a transaction of its own: it can be replayed, not merged');
    const readings = readingsOf(kept);
    if (readings.evse !== 0 && evse !== null && readings.evse !== evse) throw new Fault('conflict', `the report is of EVSE ${readings.evse}, transaction ${number} of EVSE ${evse}`);
    if (!ended) {
      await placeSamples(run, readings, { station, number });
      return number;
    }
    await this.operations.transactions.run({ ...ended, origin: { ...ended.origin, station }, transaction: { number } });
    const [, , epoch, frame] = await find();
    if (Number(epoch) !== ended.origin.epoch || Number(frame) !== ended.origin.frame) throw new Fault('conflict', `transaction ${number} has been ended by its station already`);
    return number;
  }

  private async again(kept: KeptReport, run: Database['run']): Promise<number | null> {
    if (kept.operation === 'recordTransaction') return (await this.operations.transactions.run(kept.report)).number;
    await this.operations.samples.run(kept.report);
    const { transaction, origin } = kept.report;
    if (!transaction || !('number' in transaction)) return null;
    await placeSamples(run, readingsOf(kept), { station: origin.station, number: transaction.number });
    return transaction.number;
  }
}

/** What would refuse a station's report into quarantine refuses the repair. */
export const refuseRepair = {
  add: (_operation: string, reason: string): Promise<void> => Promise.reject(new Fault('conflict', `the report cannot be applied: ${reason}`)),
};

function isSame(asked: Asked, [, , resolution, by, noted, transaction]: Row): boolean {
  if (verbs[asked.action] !== resolution) return false;
  if (asked.action === 'resolve') return asked.note === noted && asked.requestedBy === by;
  return asked.action === 'replay' || asked.transaction === transaction;
}

function audited(asked: Asked, at: Date, number: number | null, fault?: Fault): string {
  const transaction = number ?? (asked.action === 'merge' ? asked.transaction : undefined);
  const step: QuarantineStep = {
    at: at.toISOString(),
    by: asked.requestedBy,
    action: asked.action,
    ...(asked.note !== undefined && { note: asked.note }),
    ...(transaction !== undefined && { transaction }),
    outcome: fault ? 'refused' : 'done',
    ...(fault && { reason: fault.message }),
  };
  return JSON.stringify([step]);
}
