import { int4Array, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import type { StatusReport } from '@ohmnibus/domain';

/**
 * Every report is kept once; the newest of a connector becomes its state if it is newer than that, and is told if it says something else.
 * Each row of `before` is locked and read before it is overwritten, and in the order of the keys. Two of these sets are never joined:
 * that they are large is not known when the statement is planned. The hashed NOT IN takes the same time however large they are.
 */
const statement = {
  name: 'record-statuses',
  text: `
    WITH stored AS (
      INSERT INTO status_report (tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info)
      SELECT * FROM unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::int8[], $6::int8[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
      ON CONFLICT DO NOTHING
      RETURNING tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info
    ), newest AS (
      SELECT DISTINCT ON (tenant, station, evse, connector) * FROM stored ORDER BY tenant, station, evse, connector, epoch DESC, frame DESC
    ), before AS MATERIALIZED (
      SELECT newest.*, old.status AS old_status, old.reported AS old_reported, old.error_code AS old_error_code
      FROM newest LEFT JOIN LATERAL (
        SELECT c.status, c.reported, c.error_code FROM connector c
        WHERE c.tenant = newest.tenant AND c.station = newest.station AND c.evse = newest.evse AND c.connector = newest.connector
        FOR UPDATE
      ) old ON true
    ), applied AS (
      INSERT INTO connector (tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info)
      SELECT tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info FROM before
      ON CONFLICT (tenant, station, evse, connector) DO UPDATE SET
        epoch = excluded.epoch, frame = excluded.frame, received_at = excluded.received_at, at = excluded.at, status = excluded.status, reported = excluded.reported,
        error_code = excluded.error_code, vendor_id = excluded.vendor_id, vendor_error_code = excluded.vendor_error_code, info = excluded.info
      WHERE (connector.epoch, connector.frame) < (excluded.epoch, excluded.frame)
      RETURNING tenant, station, evse, connector, status, reported, error_code, at, received_at
    )
    INSERT INTO outbox (tenant, station, type, body)
    SELECT tenant, station, 'connector.status-changed', json_strip_nulls(json_build_object(
      'evse', evse, 'connector', connector, 'status', status, 'reported', reported, 'errorCode', error_code, 'at', at, 'receivedAt', received_at))
    FROM applied
    WHERE (tenant, station, evse, connector, status, reported, coalesce(error_code, '')) NOT IN (
      SELECT tenant, station, evse, connector, old_status, old_reported, coalesce(old_error_code, '') FROM before WHERE old_status IS NOT NULL
    )`,
};

/** How connectors are, and were. */
export class StatusStore {
  constructor(private readonly database: Database) {}

  /** Stores reports in one commit; repetitions and late ones change no connector's state. */
  async record(unsorted: readonly StatusReport[]): Promise<void[]> {
    const reports = unsorted.toSorted(byFrame);
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

/** Any order will do that everybody uses: two processes that store the same reports must not wait for each other in a circle. */
function byFrame({ origin: a }: StatusReport, { origin: b }: StatusReport): number {
  return a.receivedAt.getTime() - b.receivedAt.getTime() || a.frame - b.frame || a.epoch - b.epoch || compareText(a.station, b.station) || compareText(a.tenant, b.tenant);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
