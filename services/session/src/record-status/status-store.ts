import { int4Array, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import type { StatusReport } from '@ohmnibus/domain';

/**
 * Every report is kept once; the newest of a connector becomes its state if it is newer than that, and is told if it says something else.
 * `before` is read by `applied`, so that it is locked and read before it is overwritten.
 */
const statement = {
  name: 'record-statuses',
  text: `
    WITH stored AS (
      INSERT INTO status_report (tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info)
      SELECT * FROM unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::int8[], $6::int8[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
      ON CONFLICT DO NOTHING
      RETURNING *
    ), newest AS (
      SELECT DISTINCT ON (tenant, station, evse, connector) * FROM stored ORDER BY tenant, station, evse, connector, epoch DESC, frame DESC
    ), before AS (
      SELECT c.tenant, c.station, c.evse, c.connector, c.status, c.reported, c.error_code
      FROM newest JOIN connector c ON c.tenant = newest.tenant AND c.station = newest.station AND c.evse = newest.evse AND c.connector = newest.connector
      ORDER BY c.tenant, c.station, c.evse, c.connector
      FOR UPDATE OF c
    ), applied AS (
      INSERT INTO connector (tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info)
      SELECT tenant, station, evse, connector, newest.epoch, newest.frame, newest.received_at, newest.at, newest.status, newest.reported, newest.error_code,
        newest.vendor_id, newest.vendor_error_code, newest.info
      FROM newest LEFT JOIN before USING (tenant, station, evse, connector)
      ORDER BY tenant, station, evse, connector
      ON CONFLICT (tenant, station, evse, connector) DO UPDATE SET
        epoch = excluded.epoch, frame = excluded.frame, received_at = excluded.received_at, at = excluded.at, status = excluded.status, reported = excluded.reported,
        error_code = excluded.error_code, vendor_id = excluded.vendor_id, vendor_error_code = excluded.vendor_error_code, info = excluded.info
      WHERE (connector.epoch, connector.frame) < (excluded.epoch, excluded.frame)
      RETURNING *
    )
    INSERT INTO outbox (tenant, station, type, body)
    SELECT tenant, station, 'connector.status-changed', json_strip_nulls(json_build_object(
      'evse', evse, 'connector', connector, 'status', applied.status, 'reported', applied.reported, 'errorCode', applied.error_code,
      'previous', before.status, 'at', applied.at, 'receivedAt', applied.received_at))
    FROM applied LEFT JOIN before USING (tenant, station, evse, connector)
    WHERE (before.status, before.reported, before.error_code) IS DISTINCT FROM (applied.status, applied.reported, applied.error_code)`,
};

/** How connectors are, and were. */
export class StatusStore {
  constructor(private readonly database: Database) {}

  /** Stores reports in one commit; repetitions and late ones change no connector's state. */
  async record(reports: readonly StatusReport[]): Promise<void[]> {
    await this.database.run(statement, [
      textArray(reports, (report) => report.origin.tenant),
      textArray(reports, (report) => report.origin.station),
      int4Array(reports, (report) => report.evse.evse),
      int4Array(reports, (report) => report.evse.connector),
      int8Array(reports, (report) => report.origin.epoch),
      int8Array(reports, (report) => report.origin.frame),
      timestamptzArray(reports, (report) => report.origin.receivedAt),
      timestamptzArray(reports, (report) => report.at),
      textArray(reports, (report) => report.status),
      textArray(reports, (report) => report.reported),
      textArray(reports, (report) => report.errorCode),
      textArray(reports, (report) => report.vendorId),
      textArray(reports, (report) => report.vendorErrorCode),
      textArray(reports, (report) => report.info),
    ]);
    return Array.from<void>({ length: reports.length });
  }
}
