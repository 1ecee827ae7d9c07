import { commitWindowMs, eventLineOf, float8Array, GroupCommit, InsertNew, int4Array, int8Array, manyRows, oneRow, tellLines, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import type { TransactionReport } from '@ohmnibus/domain';
import { sampleRow, type SampleRow } from '../record-samples/sample-row.js';
import { separately } from './separately.js';

/** An end that names its transaction by our number. */
export interface NumberedEnd {
  readonly report: TransactionReport;
  readonly number: number;
  readonly flags: readonly string[];
}

interface Row extends NumberedEnd {
  readonly samples: SampleRow | undefined;
}

/** `repeated`: it has ended already, the first real end stands. `unknown`: this station has no such transaction. */
export type Ended = 'ended' | 'repeated' | 'unknown';

const endedLine = eventLineOf(
  `CASE WHEN end_inferred_at IS NOT NULL THEN 'transaction.corrected' ELSE 'transaction.ended' END`,
  `'{"transaction":"' || number || '","wireId":' || to_json(wire_id) || coalesce(',"evse":' || evse, '') || coalesce(',"connector":' || connector, '')
    || coalesce(',"token":' || to_json(token), '') || coalesce(',"energyWh":' || to_json(end_wh - start_wh), '') || event`,
);

const endTransactions = (passOver: string) => `
  WITH input AS MATERIALIZED (
    SELECT i.* FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::int8[], $7::int8[], $8::float8[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::int8[], $14::timestamptz[], $15::text[])
      WITH ORDINALITY AS i(tenant, station, number, at, received_at, epoch, frame, wh, stop_reason, stop_token, flags, samples, digest, samples_at, event, ord), ${manyRows('$16')}
  ), ended AS (
    UPDATE transaction t SET
      ended_at = i.at, end_kind = 'reported', end_received_at = i.received_at, end_epoch = i.epoch, end_frame = i.frame, end_wh = i.wh,
      last_at = i.at, last_wh = coalesce(i.wh, t.last_wh), stop_reason = i.stop_reason, stop_token = i.stop_token,
      flags = ARRAY(SELECT DISTINCT f FROM unnest(
        t.flags || string_to_array(i.flags, ',')
          || CASE WHEN i.at < t.started_at THEN '{ended-before-start}'::text[] ELSE '{}' END
          || CASE WHEN i.wh < t.start_wh THEN '{energy-decreased}'::text[] ELSE '{}' END) f ORDER BY f)
    FROM input i
    WHERE t.number = ANY ($3::int[]) AND t.number = i.number AND t.tenant = i.tenant AND t.station = i.station AND t.end_kind IS DISTINCT FROM 'reported'
    RETURNING i.ord, i.event, t.tenant, t.station, t.number, t.wire_id, t.evse, t.connector, t.token, t.end_wh, t.start_wh, t.end_inferred_at
  ), kept AS (
    INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
    SELECT i.tenant, i.station, i.samples_at, coalesce(e.evse, 0), e.number, i.digest, i.received_at, i.wh, i.samples
    FROM ended e JOIN input i ON i.ord = e.ord WHERE i.samples IS NOT NULL
    ${passOver}
  ), told AS (
    ${tellLines(`SELECT ${endedLine} FROM ended ORDER BY ord`)}
  )
  SELECT ord FROM ended`;

const findByNumber: Statement = {
  name: 'find-transactions-by-number',
  text: `
    SELECT i.ord FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS i(tenant, station, number, ord)
    JOIN transaction t ON t.number = i.number AND t.tenant = i.tenant AND t.station = i.station`,
};

/** Ends transactions, many in one commit. */
export class StopStore {
  private readonly batch: GroupCommit<Row, Ended>;
  private readonly ends: InsertNew;

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<Row, Ended>['onCommit'],
  ) {
    this.ends = new InsertNew(database, 'end-transactions', endTransactions);
    const write = (rows: readonly Row[]) => separately(rows, ({ report }) => report.origin, (some) => this.end1(some));
    this.batch = new GroupCommit({ name: 'transaction-ends', write, windowMs: commitWindowMs, ...(onCommit && { onCommit }) });
  }

  get depth(): number {
    return this.batch.depth;
  }

  /** Resolves when it is committed. */
  end(ended: NumberedEnd): Promise<Ended> {
    return this.batch.add({ ...ended, samples: sampleRow(ended.report.samples) });
  }

  drain(): Promise<void> {
    return this.batch.drain();
  }

  private async end1(rows: readonly Row[]): Promise<Ended[]> {
    const outcomes = new Array<Ended>(rows.length).fill('unknown');
    for (const [ord] of await this.ends.run<[string]>(parameters(rows))) outcomes[Number(ord) - 1] = 'ended';
    const others = rows.map((row, i) => ({ row, i })).filter(({ i }) => outcomes[i] === 'unknown');
    if (others.length === 0) return outcomes;
    const known = await this.database.run<[string]>(findByNumber, [
      textArray(others, ({ row }) => row.report.origin.tenant),
      textArray(others, ({ row }) => row.report.origin.station),
      int4Array(others, ({ row }) => row.number),
    ]);
    for (const [ord] of known) outcomes[others[Number(ord) - 1]!.i] = 'repeated';
    return outcomes;
  }
}

/** What the domain event says besides what only the transaction's row knows: the rest of a JSON object. */
function eventOf({ report: { at, stopReason }, samples }: Row): string {
  return `,${JSON.stringify({ at, registerWh: samples?.registerWh, stopReason }).slice(1)}`;
}

function parameters(rows: readonly Row[]): Buffer[] {
  return [
    textArray(rows, ({ report }) => report.origin.tenant),
    textArray(rows, ({ report }) => report.origin.station),
    int4Array(rows, ({ number }) => number),
    timestamptzArray(rows, ({ report }) => report.at),
    timestamptzArray(rows, ({ report }) => report.origin.receivedAt),
    int8Array(rows, ({ report }) => report.origin.epoch),
    int8Array(rows, ({ report }) => report.origin.frame),
    float8Array(rows, ({ samples }) => samples?.registerWh),
    textArray(rows, ({ report }) => report.stopReason),
    textArray(rows, ({ report }) => report.token?.value),
    textArray(rows, ({ flags }) => flags.join(',')),
    textArray(rows, ({ samples }) => samples?.samples),
    int8Array(rows, ({ samples }) => samples?.digest),
    timestamptzArray(rows, ({ samples }) => samples?.at),
    textArray(rows, eventOf),
    oneRow,
  ];
}
