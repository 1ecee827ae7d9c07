import {
  booleanArray,
  float8Array,
  commitWindowMs,
  GroupCommit,
  int4Array,
  int8Array,
  jsonArray,
  oneRow,
  textArray,
  timestamptzArray,
  type Database,
  type GroupCommitOptions,
} from '@ohmnibus/database';
import { Fault, tokenKey, type AuthorizationStatus, type TransactionReport } from '@ohmnibus/domain';
import { sampleRow, type SampleRow } from '../record-samples/sample-row.js';
import { applyEvents, findByKey, takeNumber } from './event-statement.js';
import { separately } from './separately.js';

/** A report that names its transaction by key, with the verdict on its token. */
export interface KeyedReport {
  readonly report: TransactionReport;
  readonly key: string;
  readonly verdict: AuthorizationStatus | undefined;
  /** Flags of the report and those that we add. */
  readonly flags: readonly string[];
}

interface Row extends KeyedReport {
  readonly samples: SampleRow | undefined;
  /** The key as the station made it, and which of its charges this is. */
  readonly stationKey: string;
  readonly charge: number;
}

/** Applies starts and events, many stations in one commit, and answers with our number of the transaction. */
export class EventStore {
  private readonly batch: GroupCommit<Row, number>;

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<Row, number>['onCommit'],
  ) {
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

  private async apply1(rows: readonly Row[]): Promise<number[]> {
    const numbers = new Array<number>(rows.length).fill(0);
    for (const [ord, number] of await this.database.run<[string, number]>(applyEvents, parameters(rows))) numbers[Number(ord) - 1] = number;
    const repeated = rows.map((row, i) => ({ row, i })).filter(({ i }) => numbers[i] === 0);
    if (repeated.length > 0) await this.answerRepeated(repeated, numbers);
    return numbers;
  }

  private async answerRepeated(repeated: readonly { row: Row; i: number }[], numbers: number[]): Promise<void> {
    const found = await this.database.run<[ord: string, number: number, endEpoch: string | null, endFrame: string | null]>(findByKey, [
      textArray(repeated, ({ row }) => row.report.origin.tenant),
      textArray(repeated, ({ row }) => row.report.origin.station),
      textArray(repeated, ({ row }) => row.key),
    ]);
    const another: { row: Row; i: number }[] = [];
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

/** What the domain event says besides the ids, which are known only to the statement: the rest of a JSON object. */
function eventOf({ report, verdict, samples }: Row): string {
  const { evse, connector } = report.evse ?? {};
  const { trigger, chargingState, stopReason, sequence, at } = report;
  const event = { evse, connector, token: report.token?.value, authorization: verdict, at, registerWh: samples?.registerWh, chargingState, trigger, stopReason, sequence };
  return `,${JSON.stringify(event).slice(1)}`;
}

function parameters(rows: readonly Row[]): Buffer[] {
  return [
    textArray(rows, ({ report }) => report.origin.tenant),
    textArray(rows, ({ report }) => report.origin.station),
    textArray(rows, ({ key }) => key),
    // Where the station chose the id it is on the wire; 1.6 is told our number.
    textArray(rows, ({ report, key }) => (report.sequence === undefined ? undefined : key)),
    textArray(rows, ({ report }) => report.origin.protocol),
    textArray(rows, ({ report }) => report.kind),
    int4Array(rows, ({ report }) => report.evse?.evse),
    int4Array(rows, ({ report }) => report.evse?.connector),
    textArray(rows, ({ report }) => report.token?.value),
    textArray(rows, ({ report }) => report.token && tokenKey(report.token.value)),
    textArray(rows, ({ report }) => report.token?.kind),
    textArray(rows, ({ verdict }) => verdict),
    int4Array(rows, ({ report }) => report.remoteStartId),
    int4Array(rows, ({ report }) => report.reservationId),
    timestamptzArray(rows, ({ report }) => report.at),
    timestamptzArray(rows, ({ report }) => report.origin.receivedAt),
    int8Array(rows, ({ report }) => report.origin.epoch),
    int8Array(rows, ({ report }) => report.origin.frame),
    float8Array(rows, ({ samples }) => samples?.registerWh),
    int4Array(rows, ({ report }) => report.sequence),
    textArray(rows, ({ report }) => report.trigger),
    textArray(rows, ({ report }) => report.chargingState),
    booleanArray(rows, ({ report }) => report.offline ?? false),
    textArray(rows, ({ report }) => report.stopReason),
    textArray(rows, ({ flags }) => flags.join(',')),
    jsonArray(rows, ({ samples }) => samples?.samples),
    int8Array(rows, ({ samples }) => samples?.digest),
    timestamptzArray(rows, ({ samples }) => samples?.at),
    textArray(rows, eventOf),
    oneRow,
  ];
}
