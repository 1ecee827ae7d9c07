import { stationId } from '@ohmnibus/contracts';
import type { StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { NewcomerStore } from './newcomer-store.js';

/** What becomes of a station that nobody has entered: by its tenant's settings it is taken in, kept for an operator's word, or turned away. */
export class TakeNewcomer {
  constructor(
    private readonly settings: Pick<TenantSettings, 'of'>,
    private readonly newcomers: NewcomerStore,
    /** In one tenant: whoever can reach the port could make up stations for ever. */
    private readonly mostWaiting: number,
    private readonly log: Log,
  ) {}

  /**
   * Whether the station is known from now on. One that would be taken in has to be able to come in; one that waits for an operator is shown to
   * him in any case, for he may be the one to say how it can.
   */
  async run(station: StationRef, proven: boolean): Promise<'known' | 'unproven' | 'unknown'> {
    const { newcomers } = await this.settings.of(station.tenant);
    if (newcomers === 'refuse' || !stationId.safeParse(station.station).success) return 'unknown';
    if (newcomers === 'accept' && !proven) return 'unproven';
    const taken = await this.newcomers.take(station, newcomers === 'queue' ? 'waiting' : 'approved', this.mostWaiting);
    if (taken) this.log.info('newcomer', { ...station, newcomers });
    return taken ? 'known' : 'unknown';
  }
}
