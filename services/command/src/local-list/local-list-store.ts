import type { Database, Statement } from '@ohmnibus/database';
import { changedLocalList, type BelievedLocalList, type LocalListEntry, type LocalListUpdate, type LocalListVerdict, type StationRef } from '@ohmnibus/domain';
import type { Circumstance } from '../findings/findings.js';

/** The row of a station that is known, whether something was stored of its list or not; locked. */
const lock: Statement = {
  name: 'local-list-lock',
  text: `INSERT INTO local_list AS l (tenant, station) SELECT tenant, id FROM station WHERE tenant = $1 AND id = $2
    ON CONFLICT (tenant, station) DO UPDATE SET station = l.station
    RETURNING version, entries, last_verdict, command::text, read_at, updated_at`,
};

const write: Statement = {
  name: 'local-list-write',
  text: `UPDATE local_list SET version = $3, entries = $4, last_verdict = $5, command = $6::uuid, read_at = $7, updated_at = $8 WHERE tenant = $1 AND station = $2`,
};

const find: Statement = { name: 'local-list-find', text: 'SELECT version, entries, last_verdict FROM local_list WHERE tenant = $1 AND station = $2' };

const lease: Statement = {
  name: 'local-list-lease',
  text: `INSERT INTO local_list AS l (tenant, station, sync_until) SELECT tenant, id, $3 FROM station WHERE tenant = $1 AND id = $2
    ON CONFLICT (tenant, station) DO UPDATE SET sync_until = excluded.sync_until WHERE l.sync_until IS NULL OR l.sync_until < $4
    RETURNING 1`,
};

const findStation: Statement = { name: 'local-list-station', text: 'SELECT 1 FROM station WHERE tenant = $1 AND id = $2' };

const release: Statement = { name: 'local-list-release', text: 'UPDATE local_list SET sync_until = NULL WHERE tenant = $1 AND station = $2 AND sync_until = $3' };

/** Lines as they are stored. */
interface StoredEntry {
  readonly token: string;
  readonly status: LocalListEntry['authorization']['status'];
  readonly expiresAt?: string;
  readonly group?: string;
}

type Row = [version: number | null, entries: StoredEntry[] | null, verdict: LocalListVerdict | null, command: string | null, readAt: Date | null, updatedAt: Date | null];

export interface StoredLocalList extends BelievedLocalList {
  /** What the station said to the last update. */
  readonly lastVerdict: LocalListVerdict | undefined;
}

/** What is believed of the lists on stations. Of a station that is not known nothing is. */
export class LocalListStore {
  constructor(private readonly database: Pick<Database, 'run' | 'transaction'>) {}

  async find({ tenant, station }: StationRef): Promise<StoredLocalList> {
    const [row] = await this.database.run<[Row[0], Row[1], Row[2]]>(find, [tenant, station]);
    return { version: row?.[0] ?? undefined, entries: read(row?.[1]), lastVerdict: row?.[2] ?? undefined };
  }

  /** One synchronisation at a time. */
  async lease({ tenant, station }: StationRef, now: Date, until: Date): Promise<'leased' | 'busy' | 'unknown-station'> {
    if ((await this.database.run(lease, [tenant, station, until, now])).length > 0) return 'leased';
    return (await this.database.run(findStation, [tenant, station])).length > 0 ? 'busy' : 'unknown-station';
  }

  async release({ tenant, station }: StationRef, until: Date): Promise<void> {
    await this.database.run(release, [tenant, station, until]);
  }

  /** The station has told its version. If it is not the one that was believed, its lines are not known. */
  learnVersion(circumstance: Circumstance, version: number): Promise<void> {
    const { at } = circumstance;
    return this.learn(circumstance, ([believed, entries, verdict, command, readAt, updatedAt]) => {
      if (isLater(readAt, at) || isLater(updatedAt, at)) return undefined;
      return [version, version === 0 ? [] : version === believed ? entries : null, verdict, command, at, updatedAt];
    });
  }

  /** The station has answered an update. After a failure it may have the list that it had, another, or half of one. */
  learnUpdate(circumstance: Circumstance, update: LocalListUpdate & { readonly verdict: LocalListVerdict }): Promise<void> {
    const { at, command: by } = circumstance;
    return this.learn(circumstance, (row) => {
      const [believed, , , command, readAt, updatedAt] = row;
      if (isLater(updatedAt, at) || command === by) return undefined;
      switch (update.verdict) {
        case 'accepted':
          return [update.version, entriesAfter(row, update), update.verdict, by, readAt, at];
        case 'failed':
          return [believed, null, update.verdict, by, readAt, at];
        case 'version-mismatch':
          return [null, null, update.verdict, by, readAt, at];
        case 'not-supported':
          return [-1, null, update.verdict, by, readAt, at];
      }
    });
  }

  private async learn({ tenant, station }: StationRef, change: (row: Row) => Row | undefined): Promise<void> {
    await this.database.transaction(async (run) => {
      const [row] = await run<Row>(lock, [tenant, station]);
      const changed = row && change(row);
      if (!changed) return;
      const [version, entries, ...rest] = changed;
      await run(write, [tenant, station, version, entries && JSON.stringify(entries), ...rest]);
    });
  }
}

function isLater(known: Date | null, at: Date): boolean {
  return known !== null && known > at;
}

/** A change of lines that are not known, or of a version that cannot have been the station's, leaves lines that are not known. */
function entriesAfter([believed, entries]: Row, { update, version, changes }: LocalListUpdate): StoredEntry[] | null {
  if (update === 'full') return changedLocalList([], changes).map(stored);
  const before = read(entries);
  return before && believed !== null && believed < version ? changedLocalList(before, changes).map(stored) : null;
}

function stored({ token, authorization: { status, expiresAt, group } }: LocalListEntry): StoredEntry {
  return { token, status, ...(expiresAt && { expiresAt: expiresAt.toISOString() }), ...(group && { group }) };
}

function read(entries: readonly StoredEntry[] | null | undefined): LocalListEntry[] | undefined {
  return entries?.map(({ token, status, expiresAt, group }) => ({
    token,
    authorization: { status, ...(expiresAt && { expiresAt: new Date(expiresAt) }), ...(group && { group }) },
  }));
}
