import type { StationRef } from '@ohmnibus/domain';

/** Where the calls of a station go, as the same object each time: the bus knows it again without building its subject anew. */
export class ServiceSubjects {
  private readonly known = new Map<string, { readonly service: string; readonly shard: string }[]>();

  constructor(private readonly shards: number) {}

  of(service: string, station: StationRef): { readonly service: string; readonly shard: string } {
    let subjects = this.known.get(service);
    if (!subjects) this.known.set(service, (subjects = Array.from({ length: this.shards }, (_, shard) => ({ service, shard: String(shard) }))));
    return subjects[shardOf(station, this.shards)]!;
  }
}

/** The shard of a station: the same on every pod (FNV-1a over its names). */
export function shardOf({ tenant, station }: StationRef, shards: number): number {
  if (shards === 1) return 0;
  let hash = 0x811c9dc5;
  for (const name of [tenant, '/', station]) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % shards;
}
