import type { Owner, Presence } from '@ohmnibus/presence';
import { grouped } from './grouped.js';
import type { Queryable } from './stored.js';

interface StationRow {
  readonly tenant: string;
  readonly station: string;
  readonly online: boolean;
  readonly epoch: string;
  readonly pod: string | null;
}

export interface Ownership {
  readonly database: Queryable;
  readonly presence: Pick<Presence, 'owners' | 'alivePods'>;
  /** Open sockets, by the pod that holds them. */
  readonly openSockets: ReadonlyMap<string, number>;
}

/** Where the store's idea of who owns which station differs from the sockets that are open, and Postgres's from the store's. */
export async function ownershipDifferences({ database, presence, openSockets }: Ownership): Promise<string[]> {
  const rows = (await database.query('SELECT tenant, id AS station, online, epoch, pod FROM station ORDER BY 1, 2')).rows as StationRow[];
  const owners = await presence.owners(rows);
  const owned = grouped(owners.filter((owner) => owner !== undefined), ({ pod }) => pod);
  const alive = await presence.alivePods([...owned.keys()]);
  const differences = [...new Set([...openSockets.keys(), ...owned.keys()])].flatMap((pod) => {
    const [sockets, stations] = [openSockets.get(pod) ?? 0, owned.get(pod)?.length ?? 0];
    if (stations > 0 && !alive.has(pod)) return [`ownership: ${pod} owns ${stations} stations and lives no more`];
    return sockets === stations ? [] : [`ownership: ${pod} holds ${sockets} sockets and owns ${stations} stations`];
  });
  return [...differences, ...rows.flatMap((row, i) => onlineDifference(row, owners[i]))];
}

function onlineDifference({ station, online, epoch, pod }: StationRow, owner: Owner | undefined): string[] {
  const stored = online ? `online at ${pod} with epoch ${epoch}` : 'offline';
  const real = owner ? `online at ${owner.pod} with epoch ${owner.epoch}` : 'offline';
  return stored === real ? [] : [`online: ${station} is stored as ${stored} and is ${real}`];
}
