import { int8Array, jsonArray, textArray, timestamptzArray, type Database, type Statement } from '@ohmnibus/database';
import type { Origin } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';

const insert: Statement = {
  name: 'insert-quarantine',
  text: `
    INSERT INTO quarantine (tenant, station, protocol, operation, reason, report, received_at, epoch, frame)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::timestamptz[], $8::int8[], $9::int8[])
    ON CONFLICT DO NOTHING`,
};

/** What was answered as if it were good and could not be made sense of; an operator resolves it. */
export class Quarantine {
  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** Resolves when it is committed. */
  async add(operation: string, reason: string, report: { readonly origin: Origin }): Promise<void> {
    const rows = [report];
    await this.database.run(insert, [
      textArray(rows, ({ origin }) => origin.tenant),
      textArray(rows, ({ origin }) => origin.station),
      textArray(rows, ({ origin }) => origin.protocol),
      textArray(rows, () => operation),
      textArray(rows, () => reason),
      jsonArray(rows, (row) => JSON.stringify(row)),
      timestamptzArray(rows, ({ origin }) => origin.receivedAt),
      int8Array(rows, ({ origin }) => origin.epoch),
      int8Array(rows, ({ origin }) => origin.frame),
    ]);
    this.log.warn('quarantined', { tenant: report.origin.tenant, station: report.origin.station, operation, reason });
  }
}
