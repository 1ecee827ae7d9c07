import type { tenantSettings } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import type { BootPolicy, Clock, NewcomerPolicy } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { z } from 'zod';
import { Remembered } from './remembered.js';

/** What a tenant has said; null: as the process is configured. */
export type StoredTenantSettings = z.infer<typeof tenantSettings>;

/** What holds for the stations of a tenant that say nothing else. */
export interface EffectiveTenantSettings {
  readonly newcomers: NewcomerPolicy;
  readonly bootPolicy: BootPolicy;
  readonly onBootConfiguration: boolean;
  readonly onBootLocalList: boolean;
}

type Row = [tenant: string, newcomers: NewcomerPolicy | null, bootPolicy: BootPolicy | null, onBootConfiguration: boolean | null, onBootLocalList: boolean | null];

const readAll = { name: 'tenant-settings', text: 'SELECT tenant, newcomers, boot_policy, on_boot_configuration, on_boot_local_list FROM tenant_settings' };

const write = {
  name: 'put-tenant-settings',
  text: `
    INSERT INTO tenant_settings (tenant, newcomers, boot_policy, on_boot_configuration, on_boot_local_list) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant) DO UPDATE SET newcomers = excluded.newcomers, boot_policy = excluded.boot_policy,
      on_boot_configuration = excluded.on_boot_configuration, on_boot_local_list = excluded.on_boot_local_list, updated_at = now()`,
};

/** The settings of tenants, in memory: every boot and every newcomer asks for them. */
export class TenantSettings {
  private readonly all: Remembered<ReadonlyMap<string, StoredTenantSettings>>;

  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly defaults: EffectiveTenantSettings,
    clock: Clock,
    log: Log,
    private readonly tell: (tenant: string) => void,
  ) {
    this.all = new Remembered('tenant-settings', () => this.readAll(), clock, log);
  }

  /**
   * A tenant is a word in a URL: one that has no settings takes no newcomers, but for the tenant `default`. Rejects with a Fault as long as
   * settings were never read.
   */
  async of(tenant: string): Promise<EffectiveTenantSettings> {
    const stored = (await this.all.get()).get(tenant);
    const { defaults } = this;
    return {
      newcomers: stored || tenant === 'default' ? (stored?.newcomers ?? defaults.newcomers) : 'refuse',
      bootPolicy: stored?.bootPolicy ?? defaults.bootPolicy,
      onBootConfiguration: stored?.onBootConfiguration ?? defaults.onBootConfiguration,
      onBootLocalList: stored?.onBootLocalList ?? defaults.onBootLocalList,
    };
  }

  async put(tenant: string, settings: StoredTenantSettings): Promise<void> {
    const { newcomers, bootPolicy, onBootConfiguration, onBootLocalList } = settings;
    await this.database.run(write, [tenant, newcomers, bootPolicy, onBootConfiguration, onBootLocalList]);
    this.forget();
    this.tell(tenant);
  }

  forget(): void {
    this.all.forget();
  }

  private async readAll(): Promise<ReadonlyMap<string, StoredTenantSettings>> {
    const rows = await this.database.run<Row>(readAll, []);
    return new Map(rows.map(([tenant, newcomers, bootPolicy, onBootConfiguration, onBootLocalList]) => [tenant, { newcomers, bootPolicy, onBootConfiguration, onBootLocalList }]));
  }
}
