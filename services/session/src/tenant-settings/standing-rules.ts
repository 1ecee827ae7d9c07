import type { BootPolicy, Quirks, StationMake } from '@ohmnibus/domain';
import type { QuirkProfiles } from '../quirk-profiles/quirk-profiles.js';
import type { EffectiveTenantSettings, TenantSettings } from './tenant-settings.js';

/** What holds for many stations and decides on the standing of one. Both reject with a Fault only as long as they were never read. */
export class StandingRules {
  constructor(
    private readonly tenants: Pick<TenantSettings, 'of'>,
    private readonly profiles: Pick<QuirkProfiles, 'of'>,
  ) {}

  async bootPolicy(tenant: string): Promise<BootPolicy> {
    return (await this.tenants.of(tenant)).bootPolicy;
  }

  settings(tenant: string): Promise<EffectiveTenantSettings> {
    return this.tenants.of(tenant);
  }

  /** Undefined: the make has none. */
  quirks(tenant: string, make: StationMake): Promise<Quirks | undefined> {
    return this.profiles.of(tenant, make);
  }
}
