import { collapse, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import { registrations, type BootPolicy, type BootReport, type Registration } from '@ohmnibus/domain';

/** A boot, and what its tenant says of boots; `accept` if nothing. */
export interface Boot extends BootReport {
  readonly policy?: BootPolicy | undefined;
}

/** What a boot is answered with. */
export interface Registered {
  readonly registration: Registration;
  /** The station was accepted before, and is not any more. */
  readonly lost: boolean;
}

/**
 * The row takes what the newest frame said; a frame that was there before, or is older, changes nothing and is answered alike. The rule of
 * the registration is that of `bootAnswer` in the domain.
 */
const statement = {
  name: 'record-boots',
  text: `
    WITH boot AS (
      SELECT boot.*, (station.boot_epoch, station.boot_frame) < (boot.epoch, boot.frame) AS news,
        station.registration AS before, station.on_boot_configuration, station.on_boot_local_list,
        CASE
          WHEN station.approval = 'refused' THEN 'Rejected'
          WHEN station.approval = 'waiting' THEN 'Pending'
          WHEN coalesce(station.boot_policy, boot.policy) = 'reject' THEN 'Rejected'
          WHEN coalesce(station.boot_policy, boot.policy) = 'pending' AND station.released_at IS NULL THEN 'Pending'
          ELSE 'Accepted'
        END AS registration
      FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
        WITH ORDINALITY AS boot (tenant, id, epoch, frame, received_at, vendor, model, serial_number, firmware_version, iccid, imsi, meter_type, meter_serial_number, reason, policy, n)
      JOIN station ON station.tenant = boot.tenant AND station.id = boot.id
      ORDER BY station.tenant, station.id
      FOR UPDATE OF station
    ), applied AS (
      UPDATE station SET
        vendor = boot.vendor, model = boot.model, serial_number = boot.serial_number, firmware_version = boot.firmware_version, iccid = boot.iccid, imsi = boot.imsi,
        meter_type = boot.meter_type, meter_serial_number = boot.meter_serial_number, boot_reason = boot.reason,
        registration = boot.registration, booted_at = boot.received_at, boot_epoch = boot.epoch, boot_frame = boot.frame
      FROM boot
      WHERE boot.news AND station.tenant = boot.tenant AND station.id = boot.id
    ), told AS (
      INSERT INTO outbox (tenant, station, type, body)
      SELECT tenant, id, 'station.booted', json_strip_nulls(json_build_object(
        'registration', registration, 'vendor', vendor, 'model', model, 'serialNumber', serial_number, 'firmwareVersion', firmware_version,
        'reason', reason, 'epoch', epoch, 'at', received_at, 'onBootConfiguration', on_boot_configuration, 'onBootLocalList', on_boot_local_list))
      FROM boot WHERE news
      ORDER BY n
    )
    SELECT n, registration, before = 'Accepted' AND registration <> 'Accepted' FROM boot`,
};

/** What stations say of themselves when they start. */
export class BootStore {
  constructor(private readonly database: Database) {}

  /** Stores boots in one commit and answers whether each station is accepted; undefined for one that is not, or no longer, known. */
  async record(reports: readonly Boot[]): Promise<(Registered | undefined)[]> {
    const { rows, place } = collapse(
      reports,
      ({ origin }) => `${origin.tenant.length}:${origin.tenant}${origin.station}`,
      (a, b) => a.origin.epoch > b.origin.epoch || (a.origin.epoch === b.origin.epoch && a.origin.frame > b.origin.frame),
    );
    const found = await this.database.run<[place: string, registration: string, lost: boolean]>(statement, [
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
      textArray(rows, (row) => row.policy),
    ]);
    const registered = Array.from<Registered | undefined>({ length: rows.length });
    for (const [n, answer, lost] of found) {
      const registration = registrations.find((name) => name === answer);
      if (registration) registered[Number(n) - 1] = { registration, lost };
    }
    return place.map((i) => registered[i]);
  }
}
