import type { Bus, Serving } from '@ohmnibus/bus';
import { syncLocalListCommand } from '@ohmnibus/contracts';
import type { SyncLocalListCommand } from '../sync-local-list-command/sync-local-list-command.js';

/** The question of the bus about the lists by which stations authorize without asking. */
export class ServeLocalLists {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly sync: SyncLocalListCommand,
  ) {}

  start(): Serving[] {
    return [this.bus.serve(syncLocalListCommand, {}, (order) => this.sync.run(order))];
  }
}
