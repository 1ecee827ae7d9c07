import { eventLineOf, manyRows, tellLines } from '@ohmnibus/database';

const startedLine = eventLineOf(`'transaction.started'`, `'{"transaction":"' || number || '","wireId":"' || number || '"' || event`);

/**
 * Begins transactions whose station does not number its events (1.6), one row per station in a batch. It is the way of nearly every start:
 * one whose key is there already, or whose EVSE has a transaction that is still open, is passed over and left to `applyEvents`, which
 * knows what to do about it. Rows, samples and domain events are one commit. Returns the ordinals and numbers of what began.
 */
export const beginTransactions = (passOver: string): string => `
  WITH input AS MATERIALIZED (
    SELECT i.* FROM unnest(
      $1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::int[],
      $13::timestamptz[], $14::timestamptz[], $15::int8[], $16::int8[], $17::float8[], $18::text[], $19::text[], $20::int8[], $21::timestamptz[], $22::text[]
    ) WITH ORDINALITY AS i(
      tenant, station, key, protocol, evse, connector, token, token_key, token_kind, verdict, remote_start_id, reservation_id,
      at, received_at, epoch, frame, wh, flags, samples, digest, samples_at, event, ord), ${manyRows('$23')}
  ), begun AS (
    INSERT INTO transaction (
      number, tenant, station, key, wire_id, protocol, evse, connector, token, token_key, token_kind, "authorization", remote_start_id, reservation_id,
      started_at, start_received_at, start_epoch, start_frame, start_wh, last_at, last_wh, flags)
    SELECT number, tenant, station, key, number::text, protocol, evse, connector, token, token_key, token_kind, verdict, remote_start_id, reservation_id,
      at, received_at, epoch, frame, wh, at, wh, string_to_array(flags, ',')
    FROM (
      SELECT i.*, nextval('transaction_number_seq')::int AS number FROM input i
      WHERE (SELECT true FROM transaction o WHERE o.tenant = i.tenant AND o.station = i.station AND o.evse = i.evse AND o.ended_at IS NULL LIMIT 1) IS NULL
    ) fresh
    ${passOver}
    RETURNING number, tenant, station
  ), started AS MATERIALIZED (
    SELECT i.*, b.number FROM begun b JOIN input i ON i.tenant = b.tenant AND i.station = b.station
  ), kept AS (
    INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
    SELECT tenant, station, samples_at, evse, number, digest, received_at, wh, samples FROM started WHERE samples IS NOT NULL
    ${passOver}
  ), told AS (
    ${tellLines(`SELECT ${startedLine} FROM started`)}
  )
  SELECT ord, number FROM started`;
