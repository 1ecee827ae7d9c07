import { booleanArray, textArray, type Database, type Statement } from '@ohmnibus/database';
import { configurationKey, isSecret, type StationRef, type StoredVariable, type VariableRef, type VariableState } from '@ohmnibus/domain';
import type { ChangeEffect } from '@ohmnibus/domain';

/**
 * An older answer that is learnt late changes nothing. What was accepted for after a restart waits until the value says so, or until the
 * station has restarted. A station that is no longer known has no configuration.
 */
const learnRead: Statement = {
  name: 'configuration-read',
  text: `
    WITH station AS (
      SELECT booted_at, firmware_version FROM station WHERE tenant = $1 AND id = $2
    ), read AS (
      SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[], $9::bool[])
        AS read (key, component, variable, attribute, known, value, readonly)
    ), gone AS (
      DELETE FROM configuration_key WHERE $11 AND tenant = $1 AND station = $2 AND known AND read_at <= $10 AND key <> ALL ($3::text[])
    ), snapshot AS (
      INSERT INTO configuration_snapshot AS known (tenant, station, read_at, firmware_version)
      SELECT $1, $2, $10, firmware_version FROM station WHERE $11
      ON CONFLICT (tenant, station) DO UPDATE SET read_at = excluded.read_at, firmware_version = excluded.firmware_version WHERE known.read_at <= excluded.read_at
    )
    INSERT INTO configuration_key AS stored (tenant, station, key, component, variable, attribute, known, value, readonly, read_at, source)
    SELECT $1, $2, key, component, variable, attribute, known, value, readonly, $10, 'read' FROM read, station ORDER BY key
    ON CONFLICT (tenant, station, key) DO UPDATE SET
      component = excluded.component, variable = excluded.variable, attribute = excluded.attribute, known = excluded.known, value = excluded.value,
      readonly = excluded.readonly, read_at = excluded.read_at, source = excluded.source,
      pending_value = CASE
        WHEN stored.pending_value IS DISTINCT FROM excluded.value AND excluded.known AND NOT EXISTS (SELECT FROM station WHERE booted_at > stored.read_at)
        THEN stored.pending_value
      END
    WHERE stored.read_at <= excluded.read_at`,
};

const learnChange: Statement = {
  name: 'configuration-change',
  text: `
    INSERT INTO configuration_key AS stored (tenant, station, key, component, variable, attribute, known, value, pending_value, readonly, read_at, source)
    SELECT $1, $2, $3, $4, $5, $6, $7 <> 'not-known', CASE WHEN $7 = 'now' THEN $8 END, CASE WHEN $7 = 'after-restart' THEN $8 END, CASE WHEN $7 <> 'not-known' THEN false END, $9, 'changed'
    FROM station WHERE tenant = $1 AND id = $2
    ON CONFLICT (tenant, station, key) DO UPDATE SET
      known = excluded.known,
      value = CASE WHEN $7 = 'after-restart' THEN stored.value ELSE excluded.value END,
      pending_value = excluded.pending_value,
      readonly = coalesce(excluded.readonly, stored.readonly),
      read_at = excluded.read_at, source = excluded.source
    WHERE stored.read_at <= excluded.read_at`,
};

const find: Statement = {
  name: 'configuration-of-station',
  text: 'SELECT key, known, value, pending_value FROM configuration_key WHERE tenant = $1 AND station = $2 AND key = ANY ($3::text[])',
};

/** What stations are believed to be configured with. No value of a secret is ever stored. */
export class ConfigurationStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** @param whole these are all the variables that the station has */
  async read({ tenant, station }: StationRef, at: Date, variables: readonly VariableState[], unknown: readonly VariableRef[], whole: boolean): Promise<void> {
    // A station may name a key twice; one statement cannot write a row twice.
    const rows = new Map<string, VariableState & { known: boolean }>();
    for (const variable of unknown) rows.set(configurationKey(variable), { ...variable, known: false });
    for (const variable of variables) rows.set(configurationKey(variable), { ...variable, known: true });
    const read = [...rows];
    await this.database.run(learnRead, [
      tenant,
      station,
      textArray(read, ([key]) => key),
      textArray(read, ([, row]) => row.component),
      textArray(read, ([, row]) => row.variable),
      textArray(read, ([, row]) => row.attribute),
      booleanArray(read, ([, row]) => row.known),
      textArray(read, ([, row]) => (isSecret(row) ? undefined : row.value)),
      booleanArray(read, ([, row]) => row.readonly),
      at,
      whole,
    ]);
  }

  async changed({ tenant, station }: StationRef, at: Date, variable: VariableState, effect: ChangeEffect): Promise<void> {
    const value = isSecret(variable) ? null : variable.value;
    const { component, variable: name, attribute } = variable;
    await this.database.run(learnChange, [tenant, station, configurationKey(variable), component, name, attribute, effect, value, at]);
  }

  /** By their keys; those that nobody has read are left out. */
  async find({ tenant, station }: StationRef, keys: readonly string[]): Promise<Map<string, StoredVariable>> {
    const rows = await this.database.run<[key: string, known: boolean, value: string | null, pendingValue: string | null]>(find, [tenant, station, keys]);
    return new Map(rows.map(([key, known, value, pendingValue]) => [key, { key, known, value, pendingValue }]));
  }
}
