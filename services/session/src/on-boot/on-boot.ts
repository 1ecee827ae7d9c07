import type { Bus } from '@ohmnibus/bus';
import { readConfigurationCommand, syncLocalListCommand, type EventMessage } from '@ohmnibus/contracts';
import { Fault, type CommandState, type StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { BootFacts } from './boot-facts.js';

/** An event that is in work for longer is given to another process as well. */
const timeoutSeconds = 20;
const marginMs = 5_000;
const requestedBy = 'on boot';

/**
 * What is done for a station after its boot was accepted. It is told of boots by their events, so that nothing is asked before a boot is
 * answered, and a storm of boots is worked off a few at a time; the gateway keeps what is asked back until the station has settled.
 */
export class OnBoot {
  constructor(
    private readonly facts: (station: StationRef) => Promise<BootFacts | undefined>,
    private readonly tenants: Pick<TenantSettings, 'of'>,
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly log: Log,
  ) {}

  /** Reads the configuration if it was never read, or if it was read of another firmware. Rejects if it is worth another attempt. */
  async readConfiguration(event: EventMessage): Promise<void> {
    const { tenant, station } = event;
    const facts = await this.current(event);
    if (!facts || !(facts.readConfiguration ?? (await this.tenants.of(tenant)).onBootConfiguration)) return;
    if (facts.read && facts.read.firmwareVersion === facts.firmwareVersion) return;
    const order = { tenant, station, timeoutSeconds, requestedBy };
    const { state, parts } = await this.bus.ask(readConfigurationCommand, {}, order, timeoutSeconds * 1000 + marginMs);
    this.ended('configuration', { tenant, station }, state, parts.at(-1)?.reason);
  }

  /** Brings the local list up to date. Rejects likewise. */
  async syncLocalList(event: EventMessage): Promise<void> {
    const { tenant, station } = event;
    const facts = await this.current(event);
    if (!facts || !(facts.syncLocalList ?? (await this.tenants.of(tenant)).onBootLocalList)) return;
    const order = { tenant, station, timeoutSeconds, requestedBy, update: 'auto' } as const;
    const { state, parts } = await this.bus.ask(syncLocalListCommand, {}, order, timeoutSeconds * 1000 + marginMs);
    this.ended('local-list', { tenant, station }, state, parts.at(-1)?.reason);
  }

  /** Undefined: the boot was not accepted, or there was another one since, which brings all this about. */
  private async current({ tenant, station, body }: EventMessage): Promise<BootFacts | undefined> {
    if (body['registration'] !== 'Accepted') return undefined;
    const facts = await this.facts({ tenant, station });
    return facts && facts.bootEpoch <= Number(body['epoch']) ? facts : undefined;
  }

  /** What did not reach the station in time may do so later, when it has settled; what it refused, or left without an answer, is over. */
  private ended(what: string, station: StationRef, state: CommandState, reason: string | undefined): void {
    if (state === 'expired' || reason === 'not-booted') throw new Fault('unavailable', 'the station could not be asked in time');
    if (state === 'accepted') return this.log.debug('on-boot-done', { ...station, what });
    this.log.info('on-boot-not-done', { ...station, what, state, reason });
  }
}
