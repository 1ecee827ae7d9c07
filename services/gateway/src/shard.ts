import type { StationRef } from '@ohmnibus/domain';

/** The shard of a station: the same on every pod (FNV-1a over its names). */
export function shardOf({ tenant, station }: StationRef, shards: number): string {
  if (shards === 1) return '0';
  let hash = 0x811c9dc5;
  for (const name of [tenant, '/', station]) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return String((hash >>> 0) % shards);
}
