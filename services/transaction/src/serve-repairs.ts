import type { Bus, Serving } from '@ohmnibus/bus';
import { closeTransaction, mergeQuarantined, replayQuarantined, replayRefusedEvent, resolveQuarantined, resolveRefusedEvent } from '@ohmnibus/contracts';
import type { CloseTransaction } from './close-transaction/close-transaction.js';
import type { RepairQuarantine } from './quarantine/repair-quarantine.js';
import type { RefusedEvents } from './relay-events/refused-events.js';

/** The questions by which operators put right what was left undone. */
export class ServeRepairs {
  constructor(
    private readonly bus: Bus,
    private readonly quarantine: RepairQuarantine,
    private readonly close: CloseTransaction,
    private readonly refusedEvents: RefusedEvents,
  ) {}

  start(): Serving[] {
    return [
      this.bus.serve(closeTransaction, {}, (asked) => this.close.run(asked)),
      this.bus.serve(resolveQuarantined, {}, (asked) => this.quarantine.resolve(asked)),
      this.bus.serve(mergeQuarantined, {}, (asked) => this.quarantine.merge(asked)),
      this.bus.serve(replayQuarantined, {}, (asked) => this.quarantine.replay(asked)),
      this.bus.serve(resolveRefusedEvent, {}, (asked) => this.refusedEvents.resolve(asked)),
      this.bus.serve(replayRefusedEvent, {}, (asked) => this.refusedEvents.replay(asked)),
    ];
  }
}
