import { eventLine, InsertNew, int4Array, int8Array, manyRows, oneRow, tellLines, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import type { StatusReport } from '@ohmnibus/domain';

const differs = `(c.status, c.reported, coalesce(c.error_code, '')) <> (excluded.status, excluded.reported, coalesce(excluded.error_code, ''))`;

/**
 * Every report is kept once, becomes the state of its connector if it is newer than that, and is told if it says something else. No two are of
 * one connector. Connectors are locked in the order in which they come.
 */
const recordStatuses = (passOver: string) => `
  WITH input AS MATERIALIZED (
    SELECT i.* FROM unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::int8[], $6::int8[], $7::timestamptz[], $8::timestamptz[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
      AS i(tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info, event), ${manyRows('$16')}
  ), stored AS (
    INSERT INTO status_report (tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info)
    SELECT tenant, station, evse, connector, epoch, frame, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info FROM input
    ${passOver}
  ), applied AS (
    INSERT INTO connector AS c (
      tenant, station, evse, connector, epoch, frame, received_at, since, at, status, reported, error_code, vendor_id, vendor_error_code, info)
    SELECT tenant, station, evse, connector, epoch, frame, received_at, received_at, at, status, reported, error_code, vendor_id, vendor_error_code, info
    FROM input WHERE true
    ON CONFLICT (tenant, station, evse, connector) DO UPDATE SET
      epoch = excluded.epoch, frame = excluded.frame, received_at = excluded.received_at, at = excluded.at, status = excluded.status, reported = excluded.reported,
      error_code = excluded.error_code, vendor_id = excluded.vendor_id, vendor_error_code = excluded.vendor_error_code, info = excluded.info,
      since = CASE WHEN ${differs} THEN excluded.received_at ELSE c.since END, changed = ${differs}
    WHERE (c.epoch, c.frame) < (excluded.epoch, excluded.frame)
    RETURNING tenant, station, evse, connector, changed
  )
  ${tellLines(`SELECT event FROM applied JOIN input USING (tenant, station, evse, connector) WHERE changed`)}`;

/** How connectors are, and were. */
export class StatusStore {
  private readonly reports: InsertNew;

  constructor(database: Database) {
    this.reports = new InsertNew(database, 'record-statuses', recordStatuses);
  }

  /** Stores reports; repetitions and late ones change no connector's state. */
  async record(reports: readonly StatusReport[]): Promise<void[]> {
    // A batch that fails between two commits is repeated, and finds what it stored.
    for (const round of rounds(reports.toSorted(byConnector))) await this.store(round);
    return Array.from<void>({ length: reports.length });
  }

  /** One commit. */
  private async store(reports: readonly StatusReport[]): Promise<void> {
    await this.reports.run([
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
      textArray(reports, eventOf),
      oneRow,
    ]);
  }
}

/** The first reports of all connectors, then the second ones, and so on: a statement changes a connector once. Nearly always there is one round. */
function rounds(sorted: readonly StatusReport[]): StatusReport[][] {
  const found: StatusReport[][] = [];
  let nth = 0;
  for (const [i, report] of sorted.entries()) {
    nth = i > 0 && isSameConnector(sorted[i - 1]!, report) ? nth + 1 : 0;
    (found[nth] ??= []).push(report);
  }
  return found;
}

function eventOf({ evse: { evse, connector }, status, reported, errorCode, at, origin: { tenant, station, receivedAt } }: StatusReport): string {
  // Each field by its name: a copy of an object with more fields to it costs as much as the rest of the line.
  return eventLine({ tenant, station, type: 'connector.status-changed', body: { evse, connector, status, reported, errorCode, at, receivedAt } });
}

/** By connector, then in the order of its frames. All processes sort alike, so that two of them never wait for each other in a circle. */
function byConnector(a: StatusReport, b: StatusReport): number {
  return (
    compareText(a.origin.station, b.origin.station) ||
    compareText(a.origin.tenant, b.origin.tenant) ||
    a.evse.evse - b.evse.evse ||
    a.evse.connector - b.evse.connector ||
    a.origin.epoch - b.origin.epoch ||
    a.origin.frame - b.origin.frame
  );
}

function isSameConnector(a: StatusReport, b: StatusReport): boolean {
  return a.origin.station === b.origin.station && a.origin.tenant === b.origin.tenant && a.evse.evse === b.evse.evse && a.evse.connector === b.evse.connector;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
