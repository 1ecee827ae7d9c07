import { commitWindowMs, GroupCommit, InsertNew, textArray, type Database, type GroupCommitOptions } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';
import { sampleRow } from '../record-samples/sample-row.js';
import { applyEvents, findByKey, takeNumber } from './event-statement.js';
import { eventParameters, startParameters, type KeyedReport, type KeyedRow as Row } from './keyed-row.js';
import { separately } from './separately.js';
import { beginTransactions } from './start-statement.js';

export type { KeyedReport } from './keyed-row.js';

/** A row and its place in the batch. */
interface Placed {
  readonly row: Row;
  readonly i: number;
}

/** Applies starts and events, many stations in one commit, and answers with our number of the transaction. */
export class EventStore {
  private readonly batch: GroupCommit<Row, number>;
  private readonly starts: InsertNew;

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<Row, number>['onCommit'],
  ) {
    this.starts = new InsertNew(database, 'begin-transactions', beginTransactions);
    this.batch = new GroupCommit({ name: 'transaction-events', write: (rows) => this.write(rows), windowMs: commitWindowMs, ...(onCommit && { onCommit }) });
  }

  get depth(): number {
    return this.batch.depth;
  }

  /** Resolves when it is committed; a repetition gets the number of the first. */
  apply(keyed: KeyedReport): Promise<number> {
    return this.batch.add({ ...keyed, samples: sampleRow(keyed.report.samples, keyed.report.sequence), stationKey: keyed.key, charge: 1 });
  }

  /** A number that no transaction has or will have. */
  async reserveNumber(): Promise<number> {
    const [[number] = [0]] = await this.database.run<[number]>(takeNumber, []);
    return number;
  }

  drain(): Promise<void> {
    return this.batch.drain();
  }

  /** Two reports of one station do not meet in one statement: each must see what the other did. */
  private write(rows: readonly Row[]): Promise<number[]> {
    return separately(rows, ({ report }) => report.origin, (some) => this.apply1(some));
  }

  /** Each statement takes what those before it passed over. */
  private async apply1(rows: readonly Row[]): Promise<number[]> {
    const numbers = new Array<number>(rows.length).fill(0);
    const left = () => rows.map((row, i) => ({ row, i })).filter(({ i }) => numbers[i] === 0);
    const note = (some: readonly Placed[], applied: readonly (readonly [ord: string, number: number])[]) => {
      for (const [ord, number] of applied) numbers[some[Number(ord) - 1]!.i] = number;
    };
    const plain = left().filter(({ row }) => isPlainStart(row));
    if (plain.length > 0) note(plain, await this.starts.run<[string, number]>(startParameters(plain.map(({ row }) => row))));
    const others = left();
    if (others.length > 0) note(others, await this.database.run<[string, number]>(applyEvents, eventParameters(others.map(({ row }) => row))));
    const repeated = left();
    if (repeated.length > 0) await this.answerRepeated(repeated, numbers);
    return numbers;
  }

  private async answerRepeated(repeated: readonly Placed[], numbers: number[]): Promise<void> {
    const found = await this.database.run<[ord: string, number: number, endEpoch: string | null, endFrame: string | null]>(findByKey, [
      textArray(repeated, ({ row }) => row.report.origin.tenant),
      textArray(repeated, ({ row }) => row.report.origin.station),
      textArray(repeated, ({ row }) => row.key),
    ]);
    const another: Placed[] = [];
    for (const [ord, number, endEpoch, endFrame] of found) {
      const { row, i } = repeated[Number(ord) - 1]!;
      if (isAnotherCharge(row, endEpoch, endFrame)) another.push({ row: nextOfKey(row), i });
      else numbers[i] = number;
    }
    if (another.length === 0) return;
    const fresh = await this.apply1(another.map(({ row }) => row));
    for (const [at, { i }] of another.entries()) numbers[i] = fresh[at]!;
  }
}

/**
 * A 1.6 station whose clock stands still gives two charges one key. If the first has been stopped on an earlier frame, this start is
 * another charge; a repetition never comes after its own stop.
 */
function isAnotherCharge({ report }: Row, endEpoch: string | null, endFrame: string | null): boolean {
  if (report.sequence !== undefined || endEpoch === null) return false;
  const { epoch, frame } = report.origin;
  return Number(endEpoch) < epoch || (Number(endEpoch) === epoch && Number(endFrame) < frame);
}

function nextOfKey(row: Row): Row {
  const charge = row.charge + 1;
  if (charge > 1000) throw new Fault('bad-value', 'a thousand charges under one key');
  return { ...row, charge, key: `${row.stationKey}#${charge}`, flags: [...new Set([...row.flags, 'repeated-key'])] };
}

/** A start of a station that does not number its events. */
function isPlainStart({ report }: Row): boolean {
  return report.sequence === undefined && report.kind === 'started' && report.evse !== undefined;
}
