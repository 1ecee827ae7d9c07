import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';

/** So many passwords may be on their way to a station, or have perhaps arrived there; each costs a slow check when a wrong one is tried. */
export const maxPending = 4;

const lock = { name: 'lock-station', text: 'SELECT 1 FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE' };

const count = {
  name: 'count-pending-passwords',
  text: 'SELECT count(*)::int, coalesce(bool_or(open_until > now()), false) FROM pending_password WHERE tenant = $1 AND station = $2',
};

const insert = {
  name: 'propose-password',
  text: 'INSERT INTO pending_password (tenant, station, id, password_hash, open_until) VALUES ($1, $2, $3, $4, $5)',
};

/**
 * The oldest of which nothing was heard, if the station has connected anew since it could last have been written: with this one it did not,
 * or it would be its password.
 */
const evict = {
  name: 'evict-password',
  text: `
    DELETE FROM pending_password USING (
      SELECT oldest.id FROM pending_password AS oldest JOIN station ON station.tenant = oldest.tenant AND station.id = oldest.station
      WHERE oldest.tenant = $1 AND oldest.station = $2 AND oldest.open_until < station.connected_at
      ORDER BY oldest.created_at, oldest.id LIMIT 1
    ) AS given_up
    WHERE pending_password.tenant = $1 AND pending_password.station = $2 AND pending_password.id = given_up.id
    RETURNING 1`,
};

/** Those that are older than the one that was taken are not the station's any more; a newer one may be on its way. */
const take = {
  name: 'take-password',
  text: `
    WITH taken AS (
      SELECT tenant, station, password_hash, created_at FROM pending_password WHERE tenant = $1 AND station = $2 AND id = $3
    ), gone AS (
      DELETE FROM pending_password USING taken
      WHERE pending_password.tenant = taken.tenant AND pending_password.station = taken.station AND pending_password.created_at <= taken.created_at
    )
    UPDATE station SET password_hash = taken.password_hash FROM taken WHERE station.tenant = taken.tenant AND station.id = taken.station
    RETURNING 1`,
};

const drop = { name: 'drop-password', text: 'DELETE FROM pending_password WHERE tenant = $1 AND station = $2 AND id = $3 RETURNING 1' };

const close = {
  name: 'close-password',
  text: 'UPDATE pending_password SET open_until = now() WHERE tenant = $1 AND station = $2 AND id = $3 AND open_until > now() RETURNING 1',
};

/** Passwords that stations have perhaps taken. */
export class PendingStore {
  constructor(private readonly database: Pick<Database, 'run' | 'transaction'>) {}

  /**
   * Only one at a time may still be written to the station: the order in which two arrive would not be known. Where too many have come to
   * nothing, the oldest makes room.
   * @param openUntil when it is certain that it will not be written to the station any more
   */
  propose({ tenant, station }: StationRef, id: string, passwordHash: string, openUntil: Date): Promise<'proposed' | 'no-station' | 'another-open' | 'too-many'> {
    return this.database.transaction(async (run) => {
      if ((await run(lock, [tenant, station])).length === 0) return 'no-station';
      const [[pending, open] = [0, false]] = await run<[number, boolean]>(count, [tenant, station]);
      if (open) return 'another-open';
      if (pending >= maxPending && (await run(evict, [tenant, station])).length === 0) return 'too-many';
      await run(insert, [tenant, station, id, passwordHash, openUntil]);
      return 'proposed';
    });
  }

  /** Makes it the station's password. False if it is none of the pending ones. */
  take({ tenant, station }: StationRef, id: string): Promise<boolean> {
    return this.database.transaction(async (run) => {
      // Of two that are taken at once, as by an answer and by a connection, the later one is to find what the first has left.
      await run(lock, [tenant, station]);
      return (await run(take, [tenant, station, id])).length > 0;
    });
  }

  /** The station does not have it. */
  async drop({ tenant, station }: StationRef, id: string): Promise<boolean> {
    return (await this.database.run(drop, [tenant, station, id])).length > 0;
  }

  /** It will not be written any more, and whether the station has it is not known. */
  async close({ tenant, station }: StationRef, id: string): Promise<boolean> {
    return (await this.database.run(close, [tenant, station, id])).length > 0;
  }
}
