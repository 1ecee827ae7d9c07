import type { Bus } from '@ohmnibus/bus';
import { readConfigurationCommand, syncLocalListCommand, type EventMessage } from '@ohmnibus/contracts';
import { Fault, type CommandState, type StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { BootFacts } from './boot-facts.js';

/** An event that is in work for longer is given to another process as well. */
const timeoutSeconds = 20;
const marginMs = 5_000;
const requestedBy = 'on boot';

interface Order extends StationRef {
  readonly timeoutSeconds: number;
  readonly requestedBy: string;
}

/**
 * What is done for a station after its boot was accepted. It is told by an event of boots that anything is to be done after, so that nothing is
 * asked before a boot is answered, and a storm of boots is worked off a few at a time, or for the most part not at all; the gateway keeps what
 * is asked back until the station has settled.
 */
export class OnBoot {
  constructor(
    private readonly facts: (station: StationRef) => Promise<BootFacts | undefined>,
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly log: Log,
  ) {}

  /** Rejects if it is worth another attempt; what was done in this one is not done again. */
  async run(event: EventMessage): Promise<void> {
    const { tenant, station, body } = event;
    const facts = await this.facts({ tenant, station });
    // The boot was taken back, or there was another one since, which brings all this about.
    if (!facts || facts.bootEpoch > Number(body['epoch'])) return;
    const order = { tenant, station, timeoutSeconds, requestedBy };
    const outcomes = await Promise.allSettled([
      body['configuration'] === true && !facts.configurationKnown ? this.readConfiguration(order) : undefined,
      body['localList'] === true ? this.syncLocalList(order) : undefined,
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  private async readConfiguration(order: Order): Promise<void> {
    const { state, parts } = await this.bus.ask(readConfigurationCommand, {}, order, timeoutSeconds * 1000 + marginMs);
    this.ended('configuration', order, state, parts.at(-1)?.reason);
  }

  private async syncLocalList(order: Order): Promise<void> {
    const { state, parts } = await this.bus.ask(syncLocalListCommand, {}, { ...order, update: 'auto' }, timeoutSeconds * 1000 + marginMs);
    this.ended('local-list', order, state, parts.at(-1)?.reason);
  }

  /** What did not reach the station in time may do so later, when it has settled; what it refused, or left without an answer, is over. */
  private ended(what: string, { tenant, station }: StationRef, state: CommandState, reason: string | undefined): void {
    if (state === 'expired' || reason === 'not-booted') throw new Fault('unavailable', 'the station could not be asked in time');
    if (state === 'accepted') return this.log.debug('on-boot-done', { tenant, station, what });
    this.log.info('on-boot-not-done', { tenant, station, what, state, reason });
  }
}
