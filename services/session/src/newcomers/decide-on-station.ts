import { stationChanged, triggerCommand } from '@ohmnibus/contracts';
import type { Bus } from '@ohmnibus/bus';
import { asFault, Fault, type StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { NewcomerStore } from './newcomer-store.js';

/** An operator's word on a station. One that waits for it on an open socket is asked to boot again, so that it hears at once. */
export class DecideOnStation {
  constructor(
    private readonly newcomers: NewcomerStore,
    private readonly bus: Pick<Bus, 'tell' | 'ask'>,
    private readonly log: Log,
  ) {}

  async run({ tenant, station }: StationRef, decision: 'approved' | 'refused'): Promise<void> {
    const ref = { tenant, station };
    const decided = await this.newcomers.decide(ref, decision);
    if (!decided) throw new Fault('not-found', `there is no station ${JSON.stringify(station)}`);
    // A refused one is as unknown at the door as one that was never entered.
    this.bus.tell(stationChanged, {}, { ...ref, change: decision === 'refused' ? 'deleted' : 'standing' });
    if (decision === 'approved' && decided.online && decided.registration === 'Pending') void this.triggerBoot(ref);
  }

  /** Where this fails the station hears at its next boot, which its retry interval brings. */
  private async triggerBoot(station: StationRef): Promise<void> {
    try {
      const { state } = await this.bus.ask(triggerCommand, {}, { ...station, message: 'BootNotification', timeoutSeconds: 30, requestedBy: 'approval' });
      if (state !== 'accepted') this.log.info('boot-not-triggered', { ...station, state });
    } catch (error) {
      this.log.info('boot-not-triggered', { ...station, code: asFault(error).code });
    }
  }
}
