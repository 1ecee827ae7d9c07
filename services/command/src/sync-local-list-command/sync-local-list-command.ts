import type { SyncLocalListAnswer, SyncLocalListCommand as SyncLocalListQuestion } from '@ohmnibus/contracts';
import { Fault, type Clock } from '@ohmnibus/domain';
import type { Presence } from '@ohmnibus/presence';
import type { ConfigurationStore } from '../configuration/configuration-store.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import type { LocalListStore } from '../local-list/local-list-store.js';
import type { TokenLookup } from '../local-list/token-lookup.js';
import { Synchronisation } from './synchronisation.js';

export interface LocalListParts {
  readonly dispatch: Pick<Dispatch, 'run'>;
  readonly lists: LocalListStore;
  readonly tokens: TokenLookup;
  readonly configuration: Pick<ConfigurationStore, 'find'>;
  readonly presence: Pick<Presence, 'owner'>;
  readonly clock: Clock;
}

/** The answer to the last CALL may come so much after its deadline. */
const marginMs = 5_000;

/** Brings the local list of a station to what the tokens say, one synchronisation of a station at a time. */
export class SyncLocalListCommand {
  constructor(private readonly parts: LocalListParts) {}

  async run(order: SyncLocalListQuestion): Promise<SyncLocalListAnswer> {
    const { lists, clock } = this.parts;
    const now = clock.now();
    const until = new Date(now.getTime() + order.timeoutSeconds * 1000 + marginMs);
    const leased = await lists.lease(order, now, until);
    if (leased === 'unknown-station') throw new Fault('not-found', `there is no station ${JSON.stringify(order.station)}`);
    if (leased === 'busy') throw new Fault('conflict', 'the station\'s list is being brought up to date already');
    try {
      return await new Synchronisation(this.parts, order).run();
    } finally {
      await lists.release(order, until);
    }
  }
}
