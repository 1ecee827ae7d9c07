import type { Database, Statement } from '@ohmnibus/database';
import { chargeGoesOn, type DoubtCause } from '@ohmnibus/domain';
import { endOnEvidence } from './end-on-evidence.js';

/**
 * Only the last boot of a station counts, and its row has it: boots are looked at where a transaction is open instead of hearing of each, for
 * most find none. A boot that was settled stays so.
 */
const doubtAfterBoots: Statement = {
  name: 'doubt-after-boots',
  text: `
    INSERT INTO transaction_doubt AS d (tenant, station, evse, cause, at, due_at)
    SELECT DISTINCT s.tenant, s.id, 0, 'station-booted', s.booted_at, now() + $1::int8 * interval '1 millisecond'
    FROM transaction t JOIN station s ON s.tenant = t.tenant AND s.id = t.station
    WHERE t.ended_at IS NULL AND s.registration = 'Accepted' AND s.booted_at > coalesce(t.start_received_at, '-infinity')
    ON CONFLICT (tenant, station, evse, cause) DO UPDATE SET at = excluded.at, due_at = excluded.due_at, settled_at = NULL
    WHERE d.at < excluded.at`,
};

/** What was settled and left a transaction open is remembered for as long as that is. */
const forgetSettled: Statement = {
  name: 'forget-settled-doubts',
  text: `
    DELETE FROM transaction_doubt d
    WHERE d.settled_at IS NOT NULL AND NOT EXISTS (SELECT FROM transaction t WHERE t.tenant = d.tenant AND t.station = d.station AND t.ended_at IS NULL)`,
};

/** A connector may repeat that it is free: what counts is when that was first noticed beside an open transaction. */
const doubtFreeConnectors: Statement = {
  name: 'doubt-free-connectors',
  text: `
    INSERT INTO transaction_doubt (tenant, station, evse, cause, at, due_at)
    SELECT DISTINCT ON (t.tenant, t.station, t.evse) t.tenant, t.station, t.evse, 'connector-available', c.received_at, now() + $1::int8 * interval '1 millisecond'
    FROM transaction t JOIN connector c ON c.tenant = t.tenant AND c.station = t.station AND c.evse = t.evse AND c.connector = coalesce(t.connector, 1)
    WHERE t.ended_at IS NULL AND c.evse <> 0 AND c.status = 'Available' AND c.received_at > coalesce(t.start_received_at, '-infinity')
    ORDER BY t.tenant, t.station, t.evse
    ON CONFLICT DO NOTHING`,
};

/** A station that tells of its connectors tells of all of them when it boots. */
const flagUnknownConnectors: Statement = {
  name: 'flag-unknown-connectors',
  text: `
    UPDATE transaction t SET flags = array_append(t.flags, 'unknown-connector')
    WHERE t.ended_at IS NULL AND t.evse IS NOT NULL AND NOT t.flags @> '{unknown-connector}'
      AND EXISTS (SELECT FROM connector c WHERE c.tenant = t.tenant AND c.station = t.station AND c.evse <> 0)
      AND NOT EXISTS (SELECT FROM connector c WHERE c.tenant = t.tenant AND c.station = t.station AND c.evse = t.evse)`,
};

/**
 * Settles the doubts that are due. One of a station that is away, or has hardly come back, waits: what the station kept for us may still be
 * on its way. Times of samples and events are the station's and are compared after taking off its drift.
 */
const settle: Statement = {
  name: 'settle-doubts',
  text: `
    WITH due AS MATERIALIZED (
      SELECT d.tenant, d.station, d.evse, d.cause, d.at,
        s.id IS NULL OR (s.online AND (s.connected_at IS NULL OR s.connected_at <= now() - least($1::int8, 60000) * interval '1 millisecond')) AS quiet,
        d.at + coalesce((
          SELECT c.drift_ms FROM station_clock c WHERE c.tenant = d.tenant AND c.station = d.station ORDER BY c.since DESC LIMIT 1
        ), 0) * interval '1 millisecond' AS station_at
      FROM (SELECT * FROM transaction_doubt WHERE settled_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) d
      LEFT JOIN station s ON s.tenant = d.tenant AND s.id = d.station
    ), postponed AS (
      UPDATE transaction_doubt d SET due_at = now() + greatest($1::int8, 1000) * interval '1 millisecond'
      FROM due WHERE NOT due.quiet AND d.tenant = due.tenant AND d.station = due.station AND d.evse = due.evse AND d.cause = due.cause
    ), settled AS (
      UPDATE transaction_doubt d SET settled_at = now() FROM due
      WHERE due.quiet AND due.cause = 'station-booted' AND d.tenant = due.tenant AND d.station = due.station AND d.evse = due.evse AND d.cause = due.cause
    ), forgotten AS (
      DELETE FROM transaction_doubt d USING due
      WHERE due.quiet AND due.cause <> 'station-booted' AND d.tenant = due.tenant AND d.station = due.station AND d.evse = due.evse AND d.cause = due.cause
    ), ${endOnEvidence(`
      SELECT DISTINCT ON (t.number) t.number, 'inferred' AS kind, due.cause, NULL AS note, NULL AS by
      FROM due JOIN transaction t ON t.tenant = due.tenant AND t.station = due.station AND t.ended_at IS NULL AND (due.evse = 0 OR t.evse = due.evse)
      LEFT JOIN connector c ON c.tenant = t.tenant AND c.station = t.station AND c.evse = t.evse AND c.connector = coalesce(t.connector, 1)
      WHERE due.quiet
        AND coalesce(t.start_received_at, '-infinity') < due.at
        AND CASE due.cause
          WHEN 'connector-available' THEN coalesce(c.status = 'Available', true)
          ELSE NOT coalesce(c.received_at > due.at AND (c.reported = ANY ($3::text[]) OR t.charging_state = ANY ($3::text[]) AND c.status = 'Occupied'), false) END
        AND NOT EXISTS (
          SELECT FROM sample s
          WHERE s.tenant = t.tenant AND s.station = t.station AND s.transaction = t.number AND s.at > due.station_at AND s.received_at > due.at)
        AND NOT EXISTS (
          SELECT FROM transaction_event e
          WHERE e.tenant = t.tenant AND e.station = t.station AND e.key = t.key AND e.at > due.station_at AND e.received_at > due.at)
      ORDER BY t.number, due.at`)}
    SELECT ended.tenant, ended.station, ended.number, ended.end_cause FROM ended`,
};

/** What a station did that leaves no transaction open, until it is due. */
export class DoubtStore {
  constructor(
    private readonly database: Database,
    /** How long the end that a station has queued may take to arrive, in milliseconds. */
    private readonly graceMs: number,
  ) {}

  /**
   * Doubts what is open at stations that have booted since and on connectors that have said since that they are free, and remarks on what is
   * open on a connector that nobody has told of.
   */
  async compare(): Promise<void> {
    await this.database.run(doubtAfterBoots, [this.graceMs]);
    await this.database.run(forgetSettled, []);
    await this.database.run(doubtFreeConnectors, [this.graceMs]);
    await this.database.run(flagUnknownConnectors, []);
  }

  /** Ends what doubts that are due leave no hope for; resolves with what it ended. */
  async settle(atMost: number): Promise<{ readonly tenant: string; readonly station: string; readonly number: number; readonly cause: DoubtCause }[]> {
    const rows = await this.database.run<[string, string, number, DoubtCause]>(settle, [this.graceMs, atMost, [...chargeGoesOn]]);
    return rows.map(([tenant, station, number, cause]) => ({ tenant, station, number, cause }));
  }
}
