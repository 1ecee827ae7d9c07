import { booleanArray, byteaArray, int8Array, tell, textArray, timestamptzArray, type Database, type Statement } from '@ohmnibus/database';
import type { Flag, SecurityEventReport } from '@ohmnibus/domain';
import { createHash } from 'node:crypto';

export interface KeptSecurityEvent extends SecurityEventReport {
  readonly critical: boolean;
  readonly flags: readonly Flag[];
}

/** A repetition has the same station, type, time and text: it is neither kept nor told again. Flags travel as one text, since arrays of arrays must be square. */
const statement: Statement = {
  name: 'record-security-events',
  text: `
    WITH stored AS (
      INSERT INTO security_event (tenant, station, type, reported, critical, at, info, info_digest, flags, epoch, frame, received_at)
      SELECT tenant, station, type, reported, critical, at, info, info_digest, string_to_array(flags, ' '), epoch, frame, received_at
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::timestamptz[], $7::text[], $8::bytea[], $9::text[], $10::int8[], $11::int8[], $12::timestamptz[])
        AS new (tenant, station, type, reported, critical, at, info, info_digest, flags, epoch, frame, received_at)
      ON CONFLICT DO NOTHING
      RETURNING id, tenant, station, type, reported, critical, at, info, received_at
    )
    ${tell(`
      SELECT tenant, station, 'station.security-event', json_strip_nulls(json_build_object(
        'id', id::text, 'type', type, 'reported', reported, 'critical', critical, 'at', at, 'info', info, 'receivedAt', received_at))
      FROM stored ORDER BY id`)}`,
};

/** What stations report of their security. */
export class SecurityEventStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Stores events in one commit. */
  async record(unsorted: readonly KeptSecurityEvent[]): Promise<void[]> {
    // Two processes that store the same events must not wait for each other in a circle.
    const rows = unsorted.map((event) => ({ ...event, ...event.origin, key: [event.origin.tenant, event.origin.station, event.type, event.at.toISOString(), event.info ?? ''].join('\n') }));
    rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.origin.frame - b.origin.frame));
    await this.database.run(statement, [
      textArray(rows, (row) => row.tenant),
      textArray(rows, (row) => row.station),
      textArray(rows, (row) => row.type),
      textArray(rows, (row) => row.reported),
      booleanArray(rows, (row) => row.critical),
      timestamptzArray(rows, (row) => row.at),
      textArray(rows, (row) => row.info),
      byteaArray(rows, (row) => createHash('sha256').update(row.info ?? '').digest()),
      textArray(rows, (row) => row.flags.join(' ')),
      int8Array(rows, (row) => row.epoch),
      int8Array(rows, (row) => row.frame),
      timestamptzArray(rows, (row) => row.receivedAt),
    ]);
    return Array.from<void>({ length: rows.length });
  }
}
