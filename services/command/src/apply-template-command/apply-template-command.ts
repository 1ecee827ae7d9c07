import type { ApplyTemplateAnswer, ApplyTemplateCommand as ApplyTemplateQuestion } from '@ohmnibus/contracts';
import { configurationKey, differenceOf, Fault, variableName } from '@ohmnibus/domain';
import type { ConfigurationStore } from '../configuration/configuration-store.js';
import type { ConfigureCommand } from '../configure-command/configure-command.js';
import type { TemplateLookup } from './template-lookup.js';

/** Changes what a station has otherwise than its template wants it. Values that wait for a restart, and keys that it does not know, are left. */
export class ApplyTemplateCommand {
  constructor(
    private readonly configure: Pick<ConfigureCommand, 'run'>,
    private readonly templates: TemplateLookup,
    private readonly configuration: Pick<ConfigurationStore, 'find'>,
  ) {}

  async run({ template: name, all, ...order }: ApplyTemplateQuestion): Promise<ApplyTemplateAnswer> {
    const template = await this.templates.find(order, name);
    if (!template) throw new Fault('not-found', name === undefined ? `no template fits station ${order.station}` : `there is no template ${JSON.stringify(name)}`);
    const stored = await this.configuration.find(order, template.keys.map(configurationKey));
    const wanted = template.keys.filter((desired) => {
      const difference = differenceOf(desired, stored.get(configurationKey(desired)));
      return all || difference === 'differs' || difference === 'not-read';
    });
    if (wanted.length === 0) return { template: template.name, state: 'accepted', keys: [] };
    const keys = wanted.map((desired) => ({ key: variableName(desired), value: desired.value }));
    return { template: template.name, ...(await this.configure.run({ ...order, keys })) };
  }
}
