import type { ReadConfigurationAnswer, ReadConfigurationCommand as ReadConfigurationQuestion } from '@ohmnibus/contracts';
import { readConfiguration } from '@ohmnibus/domain';
import { versions } from '@ohmnibus/ocpp';
import type { Presence } from '@ohmnibus/presence';
import type { ConfigurationStore } from '../configuration/configuration-store.js';
import { readVariables, wholeNumber } from '../configuration/read-variables.js';
import { Parts, stateOf, type WholeOrder } from '../configuration/parts.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

type AnswerPart = ReadConfigurationAnswer['parts'][number];

/** Reads a station's configuration, and asks for no more keys at once than the station says it takes. What it answers is learnt on the way. */
export class ReadConfigurationCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run'>,
    private readonly configuration: Pick<ConfigurationStore, 'find'>,
    private readonly presence: Pick<Presence, 'owner'>,
  ) {}

  async run({ keys, ...order }: ReadConfigurationQuestion): Promise<ReadConfigurationAnswer> {
    const parts = new Parts(this.dispatch, order);
    const outcomes: AnswerPart[] = [];
    const ask = async (asked: readonly string[] | undefined) => {
      const outcome = await parts.send({ content: ['read-configuration', asked ?? null], request: translated(readConfiguration, { keys: asked }) });
      outcomes.push(asked ? { ...outcome, keys: [...asked] } : outcome);
    };
    if (!keys) await ask(undefined);
    else for (const some of split(keys, await this.limit(order, keys.length, ask))) await ask(some);
    return { state: stateOf(outcomes), parts: outcomes };
  }

  /** How many keys the station takes at once; it is asked if nobody has read that yet. */
  private async limit(order: WholeOrder, wanted: number, ask: (keys: readonly string[]) => Promise<void>): Promise<number> {
    if (wanted <= 1) return wanted;
    const owner = await this.presence.owner(order);
    const name = owner && versions[owner.protocol].limits.keysPerRead;
    if (name === undefined) return wanted;
    const [limit] = await readVariables(this.configuration, order, [name], ask);
    return wholeNumber(limit, 1) ?? wanted;
  }
}

function split(keys: readonly string[], atMost: number): string[][] {
  return Array.from({ length: Math.ceil(keys.length / atMost) }, (_, i) => keys.slice(i * atMost, (i + 1) * atMost));
}
