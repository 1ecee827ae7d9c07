import { GroupCommit, int4Array, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import type { Reading } from '@ohmnibus/domain';

export interface Moment {
  /** By the station's clock. */
  readonly at: Date;
  readonly receivedAt: Date;
  /** Of that clock at that time, as far as it was measured. */
  readonly driftMs: number | undefined;
}

/** What is known of a transaction that is looked at again. */
export interface Reviewed {
  readonly start: Moment | undefined;
  /** Undefined: it is still open. */
  readonly end: Moment | undefined;
  readonly readings: readonly Reading[];
  /** What the register showed when the charge before on this EVSE ended. */
  readonly before: number | undefined;
  readonly flags: readonly string[];
}

export interface Verdict {
  readonly flags: readonly string[];
  readonly startCorrectedAt: Date | undefined;
  readonly endCorrectedAt: Date | undefined;
}

/** Looked for only where a clock may be implausible, which judges later: here it is enough to miss none. */
const drift = (at: string, received: string) => `CASE WHEN ${at} NOT BETWEEN ${received} - interval '30 days' AND ${received} + interval '1 hour' THEN (
  SELECT c.drift_ms FROM station_clock c
  WHERE c.tenant = t.tenant AND c.station = t.station AND c.since <= ${received} + interval '2 minutes' ORDER BY c.since DESC LIMIT 1) END`;

/** The transactions named, and the next ones of their EVSEs, but for those that are open: their turn comes when they end. Registers come as pairs of seconds and Wh. */
const find: Statement = {
  name: 'find-reviewed',
  text: `
    WITH named AS MATERIALIZED (
      SELECT n FROM unnest($1::int[]) AS n
      UNION
      SELECT next.number FROM transaction t, LATERAL (
        SELECT x.number, x.ended_at FROM transaction x WHERE x.tenant = t.tenant AND x.station = t.station AND x.evse = t.evse AND x.number > t.number ORDER BY x.number LIMIT 1) AS next
      WHERE t.number = ANY ($1::int[]) AND next.ended_at IS NOT NULL
    )
    SELECT t.number, t.started_at, t.start_received_at, t.start_wh, t.ended_at, t.end_received_at, t.end_wh, t.flags, t.start_corrected_at, t.end_corrected_at,
      (SELECT p.end_wh FROM transaction p WHERE p.tenant = t.tenant AND p.station = t.station AND p.evse = t.evse AND p.number < t.number ORDER BY p.number DESC LIMIT 1),
      (SELECT json_agg(ARRAY[date_part('epoch', s.at), s.register_wh] ORDER BY s.at, s.register_wh) FROM sample s
       WHERE t.ended_at IS NOT NULL AND s.tenant = t.tenant AND s.station = t.station AND s.transaction = t.number AND s.register_wh IS NOT NULL
         AND s.at > t.started_at AND s.at < t.ended_at),
      ${drift('t.started_at', 't.start_received_at')}, ${drift('t.ended_at', 't.end_received_at')}
    FROM named JOIN transaction t ON t.number = named.n`,
};

type Row = [
  number: number,
  startedAt: Date | null,
  startReceivedAt: Date | null,
  startWh: number | null,
  endedAt: Date | null,
  endReceivedAt: Date | null,
  endWh: number | null,
  flags: string[],
  startCorrectedAt: Date | null,
  endCorrectedAt: Date | null,
  before: number | null,
  registers: [seconds: number, wh: number][] | null,
  startDriftMs: string | null,
  endDriftMs: string | null,
];

/** Flags that a review gives, and takes back where they no longer hold. */
const ours = ['energy-implausible', 'meter-gap'];

const apply: Statement = {
  name: 'apply-review',
  text: `
    UPDATE transaction t SET
      flags = ARRAY(SELECT DISTINCT f FROM unnest(t.flags || string_to_array(i.flags, ',')) f WHERE f <> ALL ($5::text[]) OR f = ANY (string_to_array(i.flags, ',')) ORDER BY f),
      start_corrected_at = i.start_corrected_at, end_corrected_at = i.end_corrected_at
    FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS i(number, flags, start_corrected_at, end_corrected_at)
    WHERE t.number = i.number`,
};

/** Reads transactions that have ended and notes what a review makes of them, many at once. Nearly all of them are left as they are. */
export class ReviewStore {
  private readonly batch: GroupCommit<number, void>;

  constructor(
    private readonly database: Database,
    private readonly judge: (found: Reviewed) => Verdict,
    onCommit?: GroupCommitOptions<number, void>['onCommit'],
  ) {
    this.batch = new GroupCommit({ name: 'reviews', write: (rows) => this.reviewAll(rows), windowMs: 200, maxInFlight: 1, maxRows: 100, ...(onCommit && { onCommit }) });
  }

  /** Resolves when it is committed. */
  review(number: number): Promise<void> {
    return this.batch.add(number);
  }

  private async reviewAll(asked: readonly number[]): Promise<void[]> {
    const numbers = [...new Set(asked)].toSorted((a, b) => a - b);
    const rows = await this.database.run<Row>(find, [int4Array(numbers, (number) => number)]);
    const changes = rows.map((row) => ({ row, verdict: this.judge(reviewedOf(row)) })).filter(({ row, verdict }) => isChange(row, verdict));
    changes.sort((a, b) => a.row[0] - b.row[0]);
    if (changes.length > 0) {
      await this.database.run(apply, [
        int4Array(changes, ({ row }) => row[0]),
        textArray(changes, ({ verdict }) => verdict.flags.join(',')),
        timestamptzArray(changes, ({ verdict }) => verdict.startCorrectedAt),
        timestamptzArray(changes, ({ verdict }) => verdict.endCorrectedAt),
        textArray(ours, (flag) => flag),
      ]);
    }
    return Array.from<void>({ length: asked.length });
  }
}

function reviewedOf([, startedAt, startReceivedAt, startWh, endedAt, endReceivedAt, endWh, flags, , , before, registers, startDriftMs, endDriftMs]: Row): Reviewed {
  const readings = (registers ?? []).map(([seconds, wh]) => ({ at: new Date(Math.round(seconds * 1000)), wh }));
  if (startedAt && startWh !== null) readings.unshift({ at: startedAt, wh: startWh });
  if (endedAt && endWh !== null) readings.push({ at: endedAt, wh: endWh });
  return { start: momentOf(startedAt, startReceivedAt, startDriftMs), end: momentOf(endedAt, endReceivedAt, endDriftMs), readings, before: before ?? undefined, flags };
}

function momentOf(at: Date | null, receivedAt: Date | null, driftMs: string | null): Moment | undefined {
  return at && receivedAt ? { at, receivedAt, driftMs: driftMs === null ? undefined : Number(driftMs) } : undefined;
}

function isChange([, , , , , , , flags, startCorrectedAt, endCorrectedAt]: Row, verdict: Verdict): boolean {
  return (
    verdict.flags.some((flag) => !flags.includes(flag)) ||
    ours.some((flag) => flags.includes(flag) && !verdict.flags.includes(flag)) ||
    startCorrectedAt?.getTime() !== verdict.startCorrectedAt?.getTime() ||
    endCorrectedAt?.getTime() !== verdict.endCorrectedAt?.getTime()
  );
}
