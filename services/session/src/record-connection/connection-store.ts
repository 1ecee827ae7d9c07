import type { ConnectionReport } from '@ohmnibus/contracts';
import { booleanArray, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import { connectionSteps } from './connection-steps.js';

/**
 * Steps come with a number; those of one station in the order in which they follow each other. The row takes the last of them, every
 * one that is newer than the row has its event. Rows are locked in the order of their keys, as everywhere, so that nobody waits in a circle.
 */
const statement = {
  name: 'record-connections',
  text: `
    WITH step AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::bool[], $4::bool[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[])
        WITH ORDINALITY AS step (tenant, station, last, online, epoch, pod, protocol, remote_address, at, connected_at, n)
    ), before AS (
      SELECT station.tenant, station.id, station.epoch, station.online
      FROM step JOIN station ON station.tenant = step.tenant AND station.id = step.station
      WHERE step.last AND (step.epoch > station.epoch OR step.epoch = station.epoch AND station.online AND NOT step.online)
      ORDER BY station.tenant, station.id
      FOR UPDATE OF station
    ), applied AS (
      UPDATE station SET
        online = step.online,
        epoch = step.epoch,
        pod = CASE WHEN step.online THEN step.pod END,
        protocol = step.protocol,
        remote_address = step.remote_address,
        connected_at = coalesce(step.connected_at, station.connected_at),
        disconnected_at = CASE WHEN step.online THEN station.disconnected_at ELSE step.at END,
        last_seen_at = greatest(station.last_seen_at, step.at)
      FROM before JOIN step ON step.tenant = before.tenant AND step.station = before.id AND step.last
      WHERE station.tenant = before.tenant AND station.id = before.id
    )
    INSERT INTO outbox (tenant, station, type, body)
    SELECT step.tenant, step.station,
      CASE WHEN step.online THEN 'station.connected' ELSE 'station.disconnected' END,
      json_build_object('epoch', step.epoch, 'pod', step.pod, 'protocol', step.protocol, 'remoteAddress', step.remote_address, 'at', step.at)
    FROM before JOIN step ON step.tenant = before.tenant AND step.station = before.id
    WHERE step.epoch > before.epoch OR step.epoch = before.epoch AND before.online AND NOT step.online
    ORDER BY step.n`,
};

/** Which stations have a socket open, and where. */
export class ConnectionStore {
  constructor(private readonly database: Database) {}

  /** Applies reports in one commit, each only if it is newer than what is stored; events go with what was applied. Unknown stations are left out. */
  async record(reports: readonly ConnectionReport[]): Promise<void[]> {
    const steps = connectionSteps(reports);
    await this.database.run(statement, [
      textArray(steps, (step) => step.report.tenant),
      textArray(steps, (step) => step.report.station),
      booleanArray(steps, (step) => step.last),
      booleanArray(steps, (step) => step.report.phase === 'connected'),
      int8Array(steps, (step) => step.report.epoch),
      textArray(steps, (step) => step.report.pod),
      textArray(steps, (step) => step.report.protocol),
      textArray(steps, (step) => step.report.remoteAddress),
      timestamptzArray(steps, (step) => step.report.at),
      timestamptzArray(steps, (step) => step.connectedAt),
    ]);
    return Array.from<void>({ length: reports.length });
  }
}
