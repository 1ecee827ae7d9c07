import type { Bus, Serving } from '@ohmnibus/bus';
import { closeTransaction, mergeQuarantined, replayQuarantined, resolveQuarantined } from '@ohmnibus/contracts';
import type { CloseTransaction } from './close-transaction/close-transaction.js';
import type { RepairQuarantine } from './quarantine/repair-quarantine.js';

/** The questions by which operators put right what stations left undone. */
export class ServeRepairs {
  constructor(
    private readonly bus: Bus,
    private readonly quarantine: RepairQuarantine,
    private readonly close: CloseTransaction,
  ) {}

  start(): Serving[] {
    return [
      this.bus.serve(closeTransaction, {}, (asked) => this.close.run(asked)),
      this.bus.serve(resolveQuarantined, {}, (asked) => this.quarantine.resolve(asked)),
      this.bus.serve(mergeQuarantined, {}, (asked) => this.quarantine.merge(asked)),
      this.bus.serve(replayQuarantined, {}, (asked) => this.quarantine.replay(asked)),
    ];
  }
}
