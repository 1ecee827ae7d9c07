import { collapse, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import { registrations, type BootReport, type Registration } from '@ohmnibus/domain';

/** The row takes what the newest frame said; a frame that was there before, or is older, changes nothing and is answered alike. */
const statement = {
  name: 'record-boots',
  text: `
    WITH boot AS (
      SELECT boot.*, station.registration, (station.boot_epoch, station.boot_frame) < (boot.epoch, boot.frame) AS news
      FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
        WITH ORDINALITY AS boot (tenant, id, epoch, frame, received_at, vendor, model, serial_number, firmware_version, iccid, imsi, meter_type, meter_serial_number, reason, n)
      JOIN station ON station.tenant = boot.tenant AND station.id = boot.id
      ORDER BY station.tenant, station.id
      FOR UPDATE OF station
    ), applied AS (
      UPDATE station SET
        vendor = boot.vendor, model = boot.model, serial_number = boot.serial_number, firmware_version = boot.firmware_version, iccid = boot.iccid, imsi = boot.imsi,
        meter_type = boot.meter_type, meter_serial_number = boot.meter_serial_number, boot_reason = boot.reason,
        booted_at = boot.received_at, boot_epoch = boot.epoch, boot_frame = boot.frame
      FROM boot
      WHERE boot.news AND station.tenant = boot.tenant AND station.id = boot.id
    ), told AS (
      INSERT INTO outbox (tenant, station, type, body)
      SELECT tenant, id, 'station.booted', json_strip_nulls(json_build_object(
        'registration', registration, 'vendor', vendor, 'model', model, 'serialNumber', serial_number, 'firmwareVersion', firmware_version,
        'reason', reason, 'epoch', epoch, 'at', received_at))
      FROM boot WHERE news
      ORDER BY n
    )
    SELECT n, registration FROM boot`,
};

/** What stations say of themselves when they start. */
export class BootStore {
  constructor(private readonly database: Database) {}

  /** Stores boots in one commit and answers whether each station is accepted; undefined for one that is not, or no longer, known. */
  async record(reports: readonly BootReport[]): Promise<(Registration | undefined)[]> {
    const { rows, place } = collapse(
      reports,
      ({ origin }) => `${origin.tenant.length}:${origin.tenant}${origin.station}`,
      (a, b) => a.origin.epoch > b.origin.epoch || (a.origin.epoch === b.origin.epoch && a.origin.frame > b.origin.frame),
    );
    const found = await this.database.run<[string, string]>(statement, [
      textArray(rows, (row) => row.origin.tenant),
      textArray(rows, (row) => row.origin.station),
      int8Array(rows, (row) => row.origin.epoch),
      int8Array(rows, (row) => row.origin.frame),
      timestamptzArray(rows, (row) => row.origin.receivedAt),
      textArray(rows, (row) => row.vendor),
      textArray(rows, (row) => row.model),
      textArray(rows, (row) => row.serialNumber),
      textArray(rows, (row) => row.firmwareVersion),
      textArray(rows, (row) => row.iccid),
      textArray(rows, (row) => row.imsi),
      textArray(rows, (row) => row.meterType),
      textArray(rows, (row) => row.meterSerialNumber),
      textArray(rows, (row) => row.reason),
    ]);
    const registered = Array.from<Registration | undefined>({ length: rows.length });
    for (const [n, registration] of found) registered[Number(n) - 1] = registrations.find((name) => name === registration);
    return place.map((i) => registered[i]);
  }
}
