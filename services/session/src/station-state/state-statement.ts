import { eventLineOf, tellLines, type Statement } from '@ohmnibus/database';
import { configurationKnown } from '../on-boot/configuration-known.js';

const due = eventLineOf(`'station.on-boot-due'`, `json_build_object('epoch', boot_epoch, 'configuration', reads, 'localList', syncs)`);

/**
 * A station's row takes its last connection, if that is later than the row's or the end of the row's, and its last boot, if its frame is newer
 * than the row's; one update for both. Every step of a connection and every boot that is news has its event, in the order in which they follow
 * each other. The rule of the registration is that of `bootAnswer` in the domain. After a boot that was accepted there may be something to do
 * for the station, which has an event of its own: after most there is nothing.
 *
 * Rows are locked in the order of their keys, as everywhere, so that nobody waits in a circle.
 */
export const recordStates: Statement = {
  name: 'record-states',
  text: `
    WITH change AS MATERIALIZED (
      SELECT i.*, s.epoch AS old_epoch, s.online AS old_online, s.registration AS before,
        coalesce(i.epoch > s.epoch OR i.epoch = s.epoch AND s.online AND NOT i.online, false) AS moves,
        coalesce((s.boot_epoch, s.boot_frame) < (i.boot_epoch, i.boot_frame), false) AS boots,
        coalesce(s.on_boot_configuration, i.on_boot_configuration, false) AS reads,
        coalesce(s.on_boot_local_list, i.on_boot_local_list, false) AS syncs,
        CASE
          WHEN s.approval = 'refused' THEN 'Rejected'
          WHEN s.approval = 'waiting' THEN 'Pending'
          WHEN coalesce(s.boot_policy, i.policy) = 'reject' THEN 'Rejected'
          WHEN coalesce(s.boot_policy, i.policy) = 'pending' AND s.released_at IS NULL THEN 'Pending'
          ELSE 'Accepted'
        END AS registration
      FROM unnest($1::text[], $2::text[],
          $3::bool[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[],
          $10::int8[], $11::int8[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[],
          $22::text[], $23::bool[], $24::bool[], $25::text[], $26::text[])
        WITH ORDINALITY AS i (tenant, station,
          online, epoch, pod, protocol, remote_address, at, connected_at,
          boot_epoch, boot_frame, booted_at, vendor, model, serial_number, firmware_version, iccid, imsi, meter_type, meter_serial_number, reason,
          policy, on_boot_configuration, on_boot_local_list, moved, booted, n)
      JOIN station s ON s.tenant = i.tenant AND s.id = i.station
      ORDER BY s.tenant, s.id
      FOR UPDATE OF s
    ), applied AS (
      UPDATE station s SET
        online = CASE WHEN c.moves THEN c.online ELSE s.online END,
        epoch = CASE WHEN c.moves THEN c.epoch ELSE s.epoch END,
        pod = CASE WHEN NOT c.moves THEN s.pod WHEN c.online THEN c.pod END,
        protocol = CASE WHEN c.moves THEN c.protocol ELSE s.protocol END,
        remote_address = CASE WHEN c.moves THEN c.remote_address ELSE s.remote_address END,
        connected_at = CASE WHEN c.moves THEN coalesce(c.connected_at, s.connected_at) ELSE s.connected_at END,
        disconnected_at = CASE WHEN c.moves AND NOT c.online THEN c.at ELSE s.disconnected_at END,
        last_seen_at = CASE WHEN c.moves THEN greatest(s.last_seen_at, c.at) ELSE s.last_seen_at END,
        vendor = CASE WHEN c.boots THEN c.vendor ELSE s.vendor END,
        model = CASE WHEN c.boots THEN c.model ELSE s.model END,
        serial_number = CASE WHEN c.boots THEN c.serial_number ELSE s.serial_number END,
        firmware_version = CASE WHEN c.boots THEN c.firmware_version ELSE s.firmware_version END,
        iccid = CASE WHEN c.boots THEN c.iccid ELSE s.iccid END,
        imsi = CASE WHEN c.boots THEN c.imsi ELSE s.imsi END,
        meter_type = CASE WHEN c.boots THEN c.meter_type ELSE s.meter_type END,
        meter_serial_number = CASE WHEN c.boots THEN c.meter_serial_number ELSE s.meter_serial_number END,
        boot_reason = CASE WHEN c.boots THEN c.reason ELSE s.boot_reason END,
        registration = CASE WHEN c.boots THEN c.registration ELSE s.registration END,
        booted_at = CASE WHEN c.boots THEN c.booted_at ELSE s.booted_at END,
        boot_epoch = CASE WHEN c.boots THEN c.boot_epoch ELSE s.boot_epoch END,
        boot_frame = CASE WHEN c.boots THEN c.boot_frame ELSE s.boot_frame END
      FROM change c
      WHERE (c.moves OR c.boots) AND s.tenant = c.tenant AND s.id = c.station
    ), told AS (
      ${tellLines(`
        SELECT line FROM (
          SELECT epoch, CASE WHEN online THEN 1 ELSE 4 END AS rank, moved AS line FROM change WHERE moves
          UNION ALL
          SELECT p.epoch, CASE WHEN p.online THEN 1 ELSE 4 END, p.moved
          FROM unnest($27::text[], $28::text[], $29::bool[], $30::int8[], $31::text[]) AS p (tenant, station, online, epoch, moved)
          JOIN change c ON c.tenant = p.tenant AND c.station = p.station
          WHERE p.epoch > c.old_epoch OR p.epoch = c.old_epoch AND c.old_online AND NOT p.online
          UNION ALL
          SELECT boot_epoch, 2, booted || ',"registration":"' || registration || '"}}' FROM change WHERE boots
          UNION ALL
          SELECT boot_epoch, 3, ${due} FROM change c
          WHERE boots AND registration = 'Accepted' AND (syncs OR reads AND NOT ${configurationKnown('c.tenant', 'c.station', 'c.firmware_version')})
        ) AS event
        ORDER BY epoch, rank`)}
    )
    SELECT n, registration, before = 'Accepted' AND registration <> 'Accepted' FROM change WHERE boot_epoch IS NOT NULL`,
};
