import type { PutConfigurationTemplate } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import type { DesiredVariable } from '@ohmnibus/domain';

const write = {
  name: 'put-configuration-template',
  text: `
    INSERT INTO configuration_template (tenant, name, vendor, model, firmware, priority, keys) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant, name) DO UPDATE SET vendor = excluded.vendor, model = excluded.model, firmware = excluded.firmware,
      priority = excluded.priority, keys = excluded.keys, updated_at = now()
    RETURNING xmax = 0`,
};

const remove = { name: 'delete-configuration-template', text: 'DELETE FROM configuration_template WHERE tenant = $1 AND name = $2 RETURNING 1' };

/** What stations are to be configured with. */
export class TemplateStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  async put({ tenant, name, vendor, model, firmware, priority, keys }: PutConfigurationTemplate): Promise<{ created: boolean }> {
    // The whole name stands for component, variable and attribute: it is the same name either way.
    const desired: DesiredVariable[] = keys.map(({ key, value }) => ({ variable: key, value }));
    const [row] = await this.database.run<[boolean]>(write, [tenant, name, vendor, model, firmware, priority, JSON.stringify(desired)]);
    return { created: row?.[0] === true };
  }

  async delete(tenant: string, name: string): Promise<{ deleted: boolean }> {
    return { deleted: (await this.database.run(remove, [tenant, name])).length > 0 };
  }
}
