import { tell, type Statement } from '@ohmnibus/database';
import { lastTransaction } from '../stop-command/last-transaction.js';

/** Appended to the rows that a statement has changed: what other systems learn, in the same commit. */
const told = `told AS (
    ${tell(`
      SELECT tenant, station, 'reservation.changed', json_strip_nulls(json_build_object(
        'reservation', id, 'state', state, 'evse', evse, 'token', token, 'expiresAt', expires_at, 'status', status,
        'transaction', transaction::text, 'cancelledBy', cancelled_by))
      FROM changed`)})`;

/** A row with the next free id; none if that id is some raw caller's, or if the command has made one before. */
export const insertRequested: Statement = {
  name: 'reservation-insert',
  text: `WITH next AS (SELECT nextval('reservation_id_seq')::int AS id),
    given AS (SELECT coalesce($7::text, CASE WHEN $8::bool THEN (SELECT k."group" FROM token k WHERE k.tenant = $1 AND k.key = $5) END) AS "group")
    INSERT INTO reservation (id, tenant, station, evse, token, token_key, token_kind, "group", group_key, raw, command, state,
      requested_at, deadline, expires_at, after_transaction)
    SELECT next.id, $1, $2, $3, $4, $5, $6, given."group", lower(given."group"), false, $9::uuid, 'requested', $10, $11, $12, ${lastTransaction}
    FROM next, given
    WHERE NOT EXISTS (SELECT FROM reservation other WHERE other.tenant = $1 AND other.id = next.id)
    ON CONFLICT DO NOTHING RETURNING id, "group"`,
};

export const findByCommand: Statement = { name: 'reservation-by-command', text: 'SELECT id, "group" FROM reservation WHERE tenant = $1 AND command = $2::uuid' };

export const findById: Statement = { name: 'reservation-by-id', text: 'SELECT state FROM reservation WHERE tenant = $1 AND station = $2 AND id = $3' };

/** Of a command that was never stored, so that nobody was asked for anything. */
export const withdraw: Statement = {
  name: 'reservation-withdraw',
  text: `DELETE FROM reservation r WHERE r.tenant = $1 AND r.command = $2::uuid AND r.state = 'requested'
    AND NOT EXISTS (SELECT FROM command c WHERE c.id = $2::uuid)`,
};

export const endUnanswered: Statement = {
  name: 'reservation-unanswered',
  text: `WITH changed AS (
      UPDATE reservation SET state = $3, status = $4, ended_at = CASE WHEN $3 = 'failed' THEN $5::timestamptz END
      WHERE tenant = $1 AND command = $2::uuid AND state = 'requested' RETURNING *
    ), ${told} SELECT FROM changed`,
};

/**
 * The station's answer to a ReserveNow, whoever sent it. The answer to the command that the row is of ends its waiting; an acceptance of
 * another command for the same id is a new reservation in its place, and a refusal leaves the old one as it is.
 */
export const learnAnswer: Statement = {
  name: 'reservation-answer',
  text: `WITH changed AS (
      INSERT INTO reservation AS r (id, tenant, station, evse, token, token_key, token_kind, "group", group_key, raw, command, state, status,
        requested_at, deadline, expires_at, ended_at, after_transaction)
      VALUES ($3, $1, $2, $4, $5, $6, $7, $8::text, lower($8::text), true, $9::uuid, CASE WHEN $10::bool THEN 'active' ELSE 'refused' END, $11,
        -- The row of a raw command is written when its answer is there, which a quick driver may have been faster than.
        coalesce((SELECT c.created_at FROM command c WHERE c.id = $9::uuid), $12::timestamptz),
        $12::timestamptz, $13, CASE WHEN NOT $10::bool THEN $12::timestamptz END, ${lastTransaction} - 100)
      ON CONFLICT (tenant, station, id) DO UPDATE SET
        state = excluded.state, status = excluded.status, ended_at = excluded.ended_at,
        evse = CASE WHEN r.command = excluded.command THEN r.evse ELSE excluded.evse END,
        token = CASE WHEN r.command = excluded.command THEN r.token ELSE excluded.token END,
        token_key = CASE WHEN r.command = excluded.command THEN r.token_key ELSE excluded.token_key END,
        token_kind = CASE WHEN r.command = excluded.command THEN r.token_kind ELSE excluded.token_kind END,
        "group" = CASE WHEN r.command = excluded.command THEN r."group" ELSE excluded."group" END,
        group_key = CASE WHEN r.command = excluded.command THEN r.group_key ELSE excluded.group_key END,
        requested_at = CASE WHEN r.command = excluded.command THEN r.requested_at ELSE excluded.requested_at END,
        after_transaction = CASE WHEN r.command = excluded.command THEN r.after_transaction ELSE excluded.after_transaction END,
        deadline = CASE WHEN r.command = excluded.command THEN r.deadline ELSE excluded.deadline END,
        expires_at = CASE WHEN r.command = excluded.command THEN r.expires_at ELSE excluded.expires_at END,
        raw = r.raw AND excluded.raw, cancel_status = NULL, cancelled_by = NULL, transaction = NULL, command = excluded.command
      WHERE (r.command = excluded.command AND r.state IN ('requested', 'unknown')) OR (r.command <> excluded.command AND excluded.state = 'active')
      RETURNING *
    ), ${told} SELECT FROM changed`,
};

export const learnCancelled: Statement = {
  name: 'reservation-cancelled',
  text: `WITH changed AS (
      UPDATE reservation SET state = 'cancelled', cancelled_by = 'operator', cancel_status = $4, ended_at = $5
      WHERE tenant = $1 AND station = $2 AND id = $3 AND state IN ('requested', 'active', 'unknown') RETURNING *
    ), ${told} SELECT FROM changed`,
};

/** A station that will not let go may hold it still, until it expires. */
export const learnNotCancelled: Statement = {
  name: 'reservation-not-cancelled',
  text: `UPDATE reservation SET cancel_status = $4 WHERE tenant = $1 AND station = $2 AND id = $3 AND state IN ('requested', 'active', 'unknown')`,
};

/** The process that waited for the answer is gone: what became of its command says what is known. */
export const endAbandoned: Statement = {
  name: 'reservation-abandoned',
  text: `WITH changed AS (
      UPDATE reservation r SET
        state = CASE WHEN c.state IN ('failed', 'expired') THEN 'failed' ELSE 'unknown' END,
        status = coalesce(c.result->>'reason', c.result->>'code', 'interrupted'),
        ended_at = CASE WHEN c.state IN ('failed', 'expired') THEN c.finished_at END
      FROM reservation w LEFT JOIN command c ON c.id = w.command
      WHERE w.state = 'requested' AND w.deadline < $1 AND r.tenant = w.tenant AND r.station = w.station AND r.id = w.id AND r.state = 'requested'
      RETURNING r.*
    ), ${told} SELECT FROM changed`,
};

/** A transaction that names its reservation uses it, also if it was told of late: of what is over, that which ended after $1 is looked at. */
export const useNamed: Statement = {
  name: 'reservation-used-by-name',
  text: `WITH watched AS (
      SELECT tenant, station, id, requested_at, after_transaction FROM reservation WHERE state IN ('requested', 'active', 'unknown')
      UNION ALL
      SELECT tenant, station, id, requested_at, after_transaction FROM reservation WHERE state IN ('expired', 'cancelled') AND ended_at > $1
    ), changed AS (
      UPDATE reservation r SET state = 'used', transaction = t.number, ended_at = coalesce(t.start_received_at, $2::timestamptz)
      FROM watched w CROSS JOIN LATERAL (
        SELECT number, start_received_at FROM transaction
        WHERE tenant = w.tenant AND station = w.station AND reservation_id = w.id AND number > w.after_transaction
          AND coalesce(start_received_at, $2::timestamptz) >= w.requested_at - interval '5 seconds'
        ORDER BY number LIMIT 1) t
      WHERE r.tenant = w.tenant AND r.station = w.station AND r.id = w.id AND r.state <> 'used'
      RETURNING r.*
    ), ${told} SELECT FROM changed`,
};

/**
 * A transaction that names none uses the one that its token, or a token of the group, has on its EVSE; of several, the one for that very EVSE,
 * then the oldest. It must have begun, by the station's clock, while the reservation was there, and not be one that was over before.
 */
export const useFitting: Statement = {
  name: 'reservation-used-by-token',
  text: `WITH fitting AS (
      SELECT DISTINCT ON (t.number) w.tenant, w.station, w.id, t.number, t.start_received_at
      FROM reservation w CROSS JOIN LATERAL (
        SELECT number, start_received_at FROM transaction x
        WHERE x.tenant = w.tenant AND x.station = w.station AND x.number > w.after_transaction AND x.reservation_id IS NULL
          AND (w.evse = 0 OR x.evse = w.evse)
          AND x.started_at BETWEEN w.requested_at - interval '1 minute' AND w.expires_at
          AND (x.end_received_at IS NULL OR x.end_received_at >= w.requested_at)
          AND (x.token_key = w.token_key
            OR EXISTS (SELECT FROM token k WHERE k.tenant = w.tenant AND k.key = x.token_key AND k.group_key = w.group_key))
          AND NOT EXISTS (SELECT FROM reservation o WHERE o.tenant = w.tenant AND o.station = w.station AND o.transaction = x.number)
        ORDER BY number LIMIT 1) t
      WHERE w.state IN ('active', 'unknown')
      ORDER BY t.number, w.evse DESC, w.requested_at, w.id
    ), changed AS (
      UPDATE reservation r SET state = 'used', transaction = f.number, ended_at = coalesce(f.start_received_at, $1::timestamptz)
      FROM fitting f WHERE r.tenant = f.tenant AND r.station = f.station AND r.id = f.id AND r.state IN ('active', 'unknown')
      RETURNING r.*
    ), ${told} SELECT FROM changed`,
};

/**
 * A connector that fails or is taken out of service, or the station as a whole, ends what is reserved on it (OCPP 1.6, 5.13), without a word. An
 * EVSE with several connectors is of OCPP 2, where the station tells.
 */
export const letGo: Statement = {
  name: 'reservation-let-go',
  text: `WITH lost AS (
      SELECT w.tenant, w.station, w.id, s.received_at FROM reservation w CROSS JOIN LATERAL (
        SELECT r.received_at FROM status_report r
        WHERE r.station = w.station AND r.tenant = w.tenant AND r.received_at > w.requested_at AND r.received_at < w.expires_at
          AND r.evse IN (0, w.evse) AND r.status IN ('Faulted', 'Unavailable')
          AND NOT EXISTS (SELECT FROM connector o WHERE o.tenant = r.tenant AND o.station = r.station AND o.evse = r.evse AND o.connector <> r.connector)
        ORDER BY r.received_at LIMIT 1) s
      WHERE w.state = 'active'
    ), changed AS (
      UPDATE reservation r SET state = 'cancelled', cancelled_by = 'station', ended_at = lost.received_at
      FROM lost WHERE r.tenant = lost.tenant AND r.station = lost.station AND r.id = lost.id AND r.state = 'active' RETURNING r.*
    ), ${told} SELECT FROM changed`,
};

/** Nobody tells: stations of 1.6 let go in silence. */
export const expire: Statement = {
  name: 'reservation-expire',
  text: `WITH changed AS (
      UPDATE reservation SET state = 'expired', ended_at = expires_at WHERE state IN ('active', 'unknown') AND expires_at <= $1 RETURNING *
    ), ${told} SELECT FROM changed`,
};
