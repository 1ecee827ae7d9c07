import type { StationRef } from '@ohmnibus/domain';
import { ownerFields, parseOwner, stationKey, type Owner, type OwnerFields } from './station-record.js';
import type { TurnBatch } from './turn-batch.js';

interface Waiting {
  readonly station: StationRef;
  resolve(owner: Owner | undefined): void;
  reject(error: unknown): void;
}

/** Redis does nothing else while a script runs. */
const largest = 200;
/** From so many on it is less work to have a script look them up. */
const worthAScript = 4;

/** Looks up the owners that one turn of the event loop asks for as one command: the client makes more of each command than Redis does. */
export class OwnerBatch {
  private waiting: Waiting[] = [];

  constructor(private readonly batch: TurnBatch) {}

  /** Rejects with Fault `unavailable`. */
  owner(station: StationRef): Promise<Owner | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ station, resolve, reject });
      if (this.waiting.length === 1) this.leaveWith(this.waiting);
      if (this.waiting.length === largest) this.waiting = [];
    });
  }

  private leaveWith(waiting: Waiting[]): void {
    const found = this.batch.command<OwnerFields[]>(async (redis) => {
      if (this.waiting === waiting) this.waiting = [];
      const keys = waiting.map(({ station }) => stationKey(station));
      if (keys.length < worthAScript) return Promise.all(keys.map((key) => redis.hmget(key, ...ownerFields)));
      return JSON.parse(await redis.findOwners(keys.length, ...keys)) as OwnerFields[];
    });
    found.then(
      (owners) => waiting.forEach(({ station, resolve }, i) => resolve(parseOwner(station, owners[i]!))),
      (error: unknown) => {
        if (this.waiting === waiting) this.waiting = [];
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}
