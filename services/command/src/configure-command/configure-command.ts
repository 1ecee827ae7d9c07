import type { ConfigureAnswer, ConfigureCommand as ConfigureQuestion } from '@ohmnibus/contracts';
import { changeConfiguration, isSecret } from '@ohmnibus/domain';
import { Parts, stateOf } from '../configuration/parts.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Changes configuration keys of a station, one after the other, and tells of each. */
export class ConfigureCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  async run({ keys, ...order }: ConfigureQuestion): Promise<ConfigureAnswer> {
    const parts = new Parts(this.dispatch, order);
    const outcomes: ConfigureAnswer['keys'] = [];
    for (const { key, value } of keys) {
      const outcome = await parts.send({ content: ['configure', key, isSecret({ variable: key }) ? undefined : value], request: translated(changeConfiguration, { key, value }) });
      outcomes.push({ key, ...outcome });
    }
    return { state: stateOf(outcomes), keys: outcomes };
  }
}
