import type { ConnectionReport } from '@ohmnibus/contracts';
import { booleanArray, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import { connectionSteps } from './connection-steps.js';

/**
 * Steps of one station come in the order in which they follow each other. The row takes the last of them, and every one that is newer than
 * the row has its event. Rows are locked in the order of their keys, as everywhere, so that nobody waits in a circle.
 */
const statement = {
  name: 'record-connections',
  text: `
    WITH step AS (
      SELECT step.*, station.epoch AS old_epoch, station.online AS old_online
      FROM unnest($1::text[], $2::text[], $3::bool[], $4::bool[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[])
        WITH ORDINALITY AS step (tenant, station, last, online, epoch, pod, protocol, remote_address, at, connected_at, n)
      JOIN station ON station.tenant = step.tenant AND station.id = step.station
      ORDER BY station.tenant, station.id
      FOR UPDATE OF station
    ), news AS (
      SELECT * FROM step WHERE epoch > old_epoch OR epoch = old_epoch AND old_online AND NOT online
    ), applied AS (
      UPDATE station SET
        online = news.online,
        epoch = news.epoch,
        pod = CASE WHEN news.online THEN news.pod END,
        protocol = news.protocol,
        remote_address = news.remote_address,
        connected_at = coalesce(news.connected_at, station.connected_at),
        disconnected_at = CASE WHEN news.online THEN station.disconnected_at ELSE news.at END,
        last_seen_at = greatest(station.last_seen_at, news.at)
      FROM news
      WHERE news.last AND station.tenant = news.tenant AND station.id = news.station
    )
    INSERT INTO outbox (tenant, station, type, body)
    SELECT tenant, station,
      CASE WHEN online THEN 'station.connected' ELSE 'station.disconnected' END,
      json_build_object('epoch', epoch, 'pod', pod, 'protocol', protocol, 'remoteAddress', remote_address, 'at', at)
    FROM news
    ORDER BY n`,
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
