import type { PutQuirkProfile } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import { builtInQuirks, quirksOf, type Clock, type QuirkProfile, type Quirks, type StationMake } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import { Remembered } from '../tenant-settings/remembered.js';

type Row = [tenant: string, name: string, vendor: string | null, model: string | null, firmware: string | null, priority: number, quirks: Quirks];

const readAll = { name: 'quirk-profiles', text: 'SELECT tenant, name, vendor, model, firmware, priority, quirks FROM quirk_profile' };

const write = {
  name: 'put-quirk-profile',
  text: `
    INSERT INTO quirk_profile (tenant, name, vendor, model, firmware, priority, quirks) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant, name) DO UPDATE SET vendor = excluded.vendor, model = excluded.model, firmware = excluded.firmware,
      priority = excluded.priority, quirks = excluded.quirks, updated_at = now()
    RETURNING xmax = 0`,
};

const remove = { name: 'delete-quirk-profile', text: 'DELETE FROM quirk_profile WHERE tenant = $1 AND name = $2 RETURNING 1' };

/** Makes that are remembered; there are as many as different vendors, models and firmwares. */
const mostMakes = 10_000;

interface Known {
  readonly byTenant: ReadonlyMap<string, readonly QuirkProfile[]>;
  /** What was looked up since these profiles were read. */
  readonly found: Map<string, Quirks | undefined>;
}

/** How makes of stations bend the rules, in memory: every boot and every admission asks for it. A tenant's own profiles go before those built in. */
export class QuirkProfiles {
  private readonly all: Remembered<Known>;

  constructor(
    private readonly database: Pick<Database, 'run'>,
    clock: Clock,
    log: Log,
    private readonly tell: (tenant: string) => void,
  ) {
    this.all = new Remembered('quirk-profiles', () => this.readAll(), clock, log);
  }

  /** Rejects with a Fault as long as profiles were never read. */
  async of(tenant: string, make: StationMake): Promise<Quirks | undefined> {
    const { byTenant, found } = await this.all.get();
    const key = keyOf(tenant, make);
    if (found.has(key)) return found.get(key);
    const quirks = (quirksOf(make, byTenant.get(tenant) ?? []) ?? quirksOf(make, builtInQuirks))?.quirks;
    if (found.size >= mostMakes) found.clear();
    // A profile that says nothing makes an exception of what one with a lower priority says.
    const effective = quirks && Object.keys(quirks).length > 0 ? quirks : undefined;
    found.set(key, effective);
    return effective;
  }

  async put({ tenant, name, vendor, model, firmware, priority, quirks }: PutQuirkProfile): Promise<{ created: boolean }> {
    const [row] = await this.database.run<[boolean]>(write, [tenant, name, vendor, model, firmware, priority, JSON.stringify(quirks)]);
    this.changed(tenant);
    return { created: row?.[0] === true };
  }

  async delete(tenant: string, name: string): Promise<{ deleted: boolean }> {
    const deleted = (await this.database.run(remove, [tenant, name])).length > 0;
    if (deleted) this.changed(tenant);
    return { deleted };
  }

  forget(): void {
    this.all.forget();
  }

  private changed(tenant: string): void {
    this.forget();
    this.tell(tenant);
  }

  private async readAll(): Promise<Known> {
    const byTenant = new Map<string, QuirkProfile[]>();
    for (const [tenant, name, vendor, model, firmware, priority, quirks] of await this.database.run<Row>(readAll, [])) {
      const profiles = byTenant.get(tenant) ?? [];
      byTenant.set(tenant, [...profiles, { name, vendor, model, firmware, priority, quirks }]);
    }
    return { byTenant, found: new Map() };
  }
}

/** Nothing that is kept has a NUL character. */
function keyOf(tenant: string, { vendor, model, firmware }: StationMake): string {
  return `${tenant}\0${vendor ?? '\0'}\0${model ?? '\0'}\0${firmware ?? '\0'}`;
}
