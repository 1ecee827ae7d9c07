import { manyRows, tell, type Statement } from '@ohmnibus/database';

/**
 * Applies reports that name their transaction by key: 1.6 starts and every 2.x event. One row per station in a batch. In one commit:
 * - `event` tells repetitions of what carries a sequence number;
 * - `applied` inserts the transaction, or merges a 2.x event into it in any order, with the same outcome: the highest sequence number
 *   that says something of the state or the register rules it, the lowest that names a token, a reported end is final and replaces an
 *   inferred one. A 1.6 start that is there already changes nothing and returns nothing;
 * - `inferred` ends the transactions that a new start on the same connector leaves behind, until their own end arrives;
 * - samples and domain events follow what was really applied.
 * Returns the ordinals and numbers of what was applied; the others are repetitions.
 */
export const applyEvents: Statement = {
  name: 'apply-transaction-events',
  text: `
    WITH input AS MATERIALIZED (
      SELECT i.* FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[], $10::text[], $11::text[],
        $12::text[], $13::int[], $14::int[], $15::timestamptz[], $16::timestamptz[], $17::int8[], $18::int8[], $19::float8[], $20::int[],
        $21::text[], $22::text[], $23::bool[], $24::text[], $25::text[], $26::text[], $27::int8[], $28::timestamptz[], $29::text[]
      ) WITH ORDINALITY AS i(
        tenant, station, key, wire_id, protocol, kind, evse, connector, token, token_key, token_kind,
        verdict, remote_start_id, reservation_id, at, received_at, epoch, frame, wh, sequence,
        trigger, charging_state, offline, stop_reason, flags, samples, digest, samples_at, event, ord), ${manyRows('$30')}
    ), event AS (
      INSERT INTO transaction_event (tenant, station, key, sequence, kind, trigger, charging_state, at, offline, received_at)
      SELECT tenant, station, key, sequence, kind, trigger, charging_state, at, offline, received_at FROM input WHERE sequence IS NOT NULL
      ON CONFLICT DO NOTHING
      RETURNING tenant, station, key
    ), fresh AS MATERIALIZED (
      -- A number is used for a new transaction only: one for each event would use them up in weeks. Where there are events there is the
      -- transaction, and its number stays. Asked of the events, because their table has one index, so there is one plan.
      SELECT i.*, coalesce(
          (SELECT 0 FROM transaction_event k WHERE k.tenant = i.tenant AND k.station = i.station AND k.key = i.key LIMIT 1),
          nextval('transaction_number_seq')::int) AS next_number
      FROM input i LEFT JOIN event e ON e.tenant = i.tenant AND e.station = i.station AND e.key = i.key
      WHERE i.sequence IS NULL OR e.key IS NOT NULL
    ), applied AS (
      INSERT INTO transaction AS t (
        number, tenant, station, key, wire_id, protocol, evse, connector, token, token_key, token_kind, "authorization", remote_start_id,
        reservation_id, started_at, start_received_at, start_epoch, start_frame, start_wh, charging_state, last_sequence, last_at, last_wh,
        token_sequence, state_sequence, wh_sequence, ended_at, end_kind, end_received_at, end_epoch, end_frame, end_wh, stop_reason, stop_token, flags)
      SELECT
        next_number, tenant, station, key, coalesce(wire_id, next_number::text), protocol, evse, connector,
        CASE WHEN kind <> 'ended' THEN token END, CASE WHEN kind <> 'ended' THEN token_key END, CASE WHEN kind <> 'ended' THEN token_kind END,
        CASE WHEN kind <> 'ended' THEN verdict END, remote_start_id, reservation_id,
        CASE WHEN kind = 'started' THEN at END, CASE WHEN kind = 'started' THEN received_at END,
        CASE WHEN kind = 'started' THEN epoch END, CASE WHEN kind = 'started' THEN frame END, CASE WHEN kind = 'started' THEN wh END,
        charging_state, sequence, at, wh,
        CASE WHEN kind <> 'ended' AND token IS NOT NULL THEN sequence END, CASE WHEN charging_state IS NOT NULL THEN sequence END,
        CASE WHEN wh IS NOT NULL THEN sequence END,
        CASE WHEN kind = 'ended' THEN at END, CASE WHEN kind = 'ended' THEN 'reported' END, CASE WHEN kind = 'ended' THEN received_at END,
        CASE WHEN kind = 'ended' THEN epoch END, CASE WHEN kind = 'ended' THEN frame END, CASE WHEN kind = 'ended' THEN wh END,
        CASE WHEN kind = 'ended' THEN stop_reason END, CASE WHEN kind = 'ended' THEN token END,
        string_to_array(flags, ',') || CASE WHEN kind = 'started' THEN '{}'::text[] ELSE '{start-unseen}' END
      FROM fresh
      ON CONFLICT (tenant, station, key) DO UPDATE SET
        evse = coalesce(t.evse, excluded.evse),
        connector = coalesce(t.connector, excluded.connector),
        token = CASE WHEN t.token_sequence IS NULL OR excluded.token_sequence < t.token_sequence THEN excluded.token ELSE t.token END,
        token_key = CASE WHEN t.token_sequence IS NULL OR excluded.token_sequence < t.token_sequence THEN excluded.token_key ELSE t.token_key END,
        token_kind = CASE WHEN t.token_sequence IS NULL OR excluded.token_sequence < t.token_sequence THEN excluded.token_kind ELSE t.token_kind END,
        "authorization" = CASE WHEN t.token_sequence IS NULL OR excluded.token_sequence < t.token_sequence THEN excluded."authorization" ELSE t."authorization" END,
        token_sequence = least(t.token_sequence, excluded.token_sequence),
        remote_start_id = coalesce(t.remote_start_id, excluded.remote_start_id),
        reservation_id = coalesce(t.reservation_id, excluded.reservation_id),
        started_at = coalesce(t.started_at, excluded.started_at),
        start_received_at = coalesce(t.start_received_at, excluded.start_received_at),
        start_epoch = coalesce(t.start_epoch, excluded.start_epoch),
        start_frame = coalesce(t.start_frame, excluded.start_frame),
        start_wh = coalesce(t.start_wh, excluded.start_wh),
        charging_state = CASE WHEN t.state_sequence IS NULL OR excluded.state_sequence > t.state_sequence THEN excluded.charging_state ELSE t.charging_state END,
        state_sequence = greatest(t.state_sequence, excluded.state_sequence),
        last_sequence = greatest(t.last_sequence, excluded.last_sequence),
        last_at = CASE WHEN excluded.last_sequence > t.last_sequence THEN excluded.last_at ELSE t.last_at END,
        last_wh = CASE WHEN t.wh_sequence IS NULL OR excluded.wh_sequence > t.wh_sequence THEN excluded.last_wh ELSE t.last_wh END,
        wh_sequence = greatest(t.wh_sequence, excluded.wh_sequence),
        ended_at = CASE WHEN t.end_kind = 'reported' THEN t.ended_at ELSE coalesce(excluded.ended_at, t.ended_at) END,
        end_received_at = CASE WHEN t.end_kind = 'reported' THEN t.end_received_at ELSE coalesce(excluded.end_received_at, t.end_received_at) END,
        end_epoch = CASE WHEN t.end_kind = 'reported' THEN t.end_epoch ELSE coalesce(excluded.end_epoch, t.end_epoch) END,
        end_frame = CASE WHEN t.end_kind = 'reported' THEN t.end_frame ELSE coalesce(excluded.end_frame, t.end_frame) END,
        -- An end without a reading of its own ends at the latest one, which may arrive later still.
        end_wh = CASE WHEN coalesce(t.ended_at, excluded.ended_at) IS NULL THEN NULL
                      WHEN t.wh_sequence IS NULL OR excluded.wh_sequence > t.wh_sequence THEN coalesce(excluded.last_wh, t.end_wh) ELSE t.last_wh END,
        stop_reason = CASE WHEN t.end_kind = 'reported' OR excluded.ended_at IS NULL THEN t.stop_reason ELSE excluded.stop_reason END,
        stop_token = coalesce(t.stop_token, excluded.stop_token),
        end_kind = CASE WHEN t.end_kind = 'reported' THEN t.end_kind ELSE coalesce(excluded.end_kind, t.end_kind) END,
        flags = ARRAY(
          SELECT DISTINCT f FROM unnest(
            t.flags || excluded.flags
              || CASE WHEN coalesce(CASE WHEN t.end_kind = 'reported' THEN t.ended_at END, excluded.ended_at) < coalesce(t.started_at, excluded.started_at)
                      THEN '{ended-before-start}'::text[] ELSE '{}' END
              || CASE WHEN coalesce(CASE WHEN t.end_kind = 'reported' THEN t.ended_at END, excluded.ended_at) IS NOT NULL
                       AND CASE WHEN t.wh_sequence IS NULL OR excluded.wh_sequence > t.wh_sequence THEN excluded.last_wh ELSE t.last_wh END
                           < coalesce(t.start_wh, excluded.start_wh)
                      THEN '{energy-decreased}'::text[] ELSE '{}' END
          ) f WHERE f <> 'start-unseen' OR coalesce(t.started_at, excluded.started_at) IS NULL ORDER BY f)
      WHERE excluded.last_sequence IS NOT NULL
      RETURNING number, tenant, station, key, end_inferred_at, end_epoch, end_frame
    ), inferred AS (
      UPDATE transaction o SET
        -- On the last that is known of it, as every inferred end; the new start may be days later.
        ended_at = least(f.at, coalesce(greatest((
          SELECT s.at FROM sample s
          WHERE s.tenant = o.tenant AND s.station = o.station AND s.at BETWEEN coalesce(o.started_at, f.at - interval '30 days') AND f.at AND s.transaction = o.number
          ORDER BY s.at DESC LIMIT 1), o.last_at), f.at)),
        end_kind = 'inferred', end_cause = 'newer-start', end_inferred_at = f.received_at, end_received_at = f.received_at, end_epoch = f.epoch, end_frame = f.frame,
        end_wh = coalesce(
          (SELECT s.register_wh FROM sample s
           WHERE s.tenant = o.tenant AND s.station = o.station AND s.at BETWEEN coalesce(o.started_at, f.at - interval '30 days') AND f.at
             AND s.transaction = o.number AND s.register_wh IS NOT NULL
           ORDER BY s.at DESC LIMIT 1),
          o.last_wh, o.start_wh)
      FROM fresh f JOIN applied a ON a.tenant = f.tenant AND a.station = f.station AND a.key = f.key
      WHERE f.kind = 'started' AND f.evse IS NOT NULL
        AND o.tenant = f.tenant AND o.station = f.station AND o.evse = f.evse AND o.key <> f.key AND o.ended_at IS NULL
        AND coalesce(o.started_at, o.last_at) <= f.at
      RETURNING o.tenant, o.station, o.number, o.wire_id, o.evse, o.connector, o.token, o.started_at, o.start_wh, o.ended_at, o.end_wh
    ), kept AS (
      INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
      SELECT f.tenant, f.station, f.samples_at, coalesce(f.evse, 0), a.number, f.digest, f.received_at, f.wh, f.samples
      FROM fresh f JOIN applied a ON a.tenant = f.tenant AND a.station = f.station AND a.key = f.key
      WHERE f.samples IS NOT NULL
      ON CONFLICT DO NOTHING
    ), told AS (
      ${tell(`
        SELECT f.tenant, f.station,
          CASE WHEN f.kind = 'ended' AND a.end_inferred_at IS NOT NULL AND a.end_epoch = f.epoch AND a.end_frame = f.frame THEN 'transaction.corrected'
               ELSE 'transaction.' || f.kind END,
          '{"transaction":"' || a.number || '","wireId":' || to_json(coalesce(f.wire_id, a.number::text)) || f.event
        FROM fresh f JOIN applied a ON a.tenant = f.tenant AND a.station = f.station AND a.key = f.key
        -- A second end of what has ended is no fact.
        WHERE f.kind <> 'ended' OR (a.end_epoch = f.epoch AND a.end_frame = f.frame)
        UNION ALL
        SELECT tenant, station, 'transaction.ended',
          json_strip_nulls(json_build_object('transaction', number::text, 'wireId', wire_id, 'evse', evse, 'connector', connector, 'token', token, 'at', ended_at,
            'registerWh', end_wh, 'energyWh', end_wh - start_wh, 'endKind', 'inferred', 'inferred', true, 'cause', 'newer-start'))::text
        FROM inferred`)}
    )
    SELECT f.ord, a.number FROM fresh f JOIN applied a ON a.tenant = f.tenant AND a.station = f.station AND a.key = f.key`,
};

/** What is stored under keys that were repetitions: the number to answer with, and whether a real end came before. */
export const findByKey: Statement = {
  name: 'find-transactions-by-key',
  text: `
    SELECT i.ord, t.number, CASE WHEN t.end_kind = 'reported' THEN t.end_epoch END, CASE WHEN t.end_kind = 'reported' THEN t.end_frame END
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS i(tenant, station, key, ord)
    JOIN transaction t ON t.tenant = i.tenant AND t.station = i.station AND t.key = i.key`,
};

export const takeNumber: Statement = { name: 'take-transaction-number', text: `SELECT nextval('transaction_number_seq')::int` };
