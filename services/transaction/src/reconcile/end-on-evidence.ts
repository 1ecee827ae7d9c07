import { tell } from '@ohmnibus/database';

/**
 * The tail of a statement that gives transactions an end which their station has not reported: on the last that is known of them, as far as
 * time and register go, and told. The station's own end, however late, replaces it and is told as a correction.
 * @param picked a query of `number, kind, cause, note, by`: which, and as what
 * @returns CTEs, of which `ended` has the numbers that were really ended
 */
export function endOnEvidence(picked: string): string {
  return `
    picked AS MATERIALIZED (${picked}),
    evidence AS MATERIALIZED (
      SELECT p.number, p.kind, p.cause, p.note, p.by, coalesce(greatest(last.at, t.last_at), t.started_at, now()) AS at, coalesce(register.wh, t.last_wh, t.start_wh) AS wh
      FROM picked p JOIN transaction t ON t.number = p.number
      LEFT JOIN LATERAL (
        SELECT greatest(s.at, (s.samples::json->-1->>'at')::timestamptz) AS at FROM sample s
        WHERE s.tenant = t.tenant AND s.station = t.station AND s.transaction = t.number AND s.at >= coalesce(t.started_at, t.last_at - interval '7 days')
        ORDER BY s.at DESC LIMIT 1
      ) last ON true
      LEFT JOIN LATERAL (
        SELECT s.register_wh AS wh FROM sample s
        WHERE s.tenant = t.tenant AND s.station = t.station AND s.transaction = t.number AND s.at >= coalesce(t.started_at, t.last_at - interval '7 days') AND s.register_wh IS NOT NULL
        ORDER BY s.at DESC LIMIT 1
      ) register ON true
    ), ended AS (
      UPDATE transaction t SET
        ended_at = e.at, end_wh = e.wh, end_kind = e.kind, end_cause = e.cause, end_note = e.note, end_by = e.by, end_inferred_at = now(), end_received_at = now()
      FROM evidence e
      WHERE t.number = e.number AND t.ended_at IS NULL
      RETURNING t.tenant, t.station, t.number, t.wire_id, t.evse, t.connector, t.token, t.ended_at, t.end_wh, t.start_wh, t.end_kind, t.end_cause, t.end_note, t.end_by
    ), told AS (
      ${tell(`
        SELECT tenant, station, 'transaction.ended', json_strip_nulls(json_build_object(
          'transaction', number::text, 'wireId', wire_id, 'evse', evse, 'connector', connector, 'token', token, 'at', ended_at, 'registerWh', end_wh,
          'energyWh', end_wh - start_wh, 'endKind', end_kind, 'inferred', CASE WHEN end_kind = 'inferred' THEN true END, 'cause', end_cause, 'note', end_note, 'by', end_by))
        FROM ended`)}
    )`;
}
