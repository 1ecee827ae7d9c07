import { textArray, timestamptzArray, int4Array, int8Array, float8Array, type Database, type Statement } from '@ohmnibus/database';
import { sampleRow } from '../record-samples/sample-row.js';
import type { Readings } from './kept-report.js';

/** Readings of a transaction that was not known are stored outside of all; they move, so that they are stored once. */
const place: Statement = {
  name: 'place-samples',
  text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int8[], $6::timestamptz[], $7::float8[], $8::text[], $9::text[], $10::int[])
        AS i(tenant, station, at, evse, digest, received_at, register_wh, samples, to_station, number)
    ), moved AS (
      DELETE FROM sample s USING input i WHERE s.tenant = i.tenant AND s.station = i.station AND s.at = i.at AND s.evse = i.evse AND s.transaction = 0 AND s.digest = i.digest
    )
    INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
    SELECT tenant, to_station, at, evse, number, digest, received_at, register_wh, samples FROM input
    ON CONFLICT DO NOTHING`,
};

/** Makes readings part of a transaction. The same again changes nothing. */
export async function placeSamples(run: Database['run'], { origin, evse, samples, sequence }: Readings, to: { readonly station: string; readonly number: number }): Promise<void> {
  const row = sampleRow(samples, sequence);
  if (!row) return;
  const rows = [row];
  await run(place, [
    textArray(rows, () => origin.tenant),
    textArray(rows, () => origin.station),
    timestamptzArray(rows, ({ at }) => at),
    int4Array(rows, () => evse),
    int8Array(rows, ({ digest }) => digest),
    timestamptzArray(rows, () => origin.receivedAt),
    float8Array(rows, ({ registerWh }) => registerWh),
    textArray(rows, ({ samples: text }) => text),
    textArray(rows, () => to.station),
    int4Array(rows, () => to.number),
  ]);
}
