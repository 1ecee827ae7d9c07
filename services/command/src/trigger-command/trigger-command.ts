import type { CommandAnswer, TriggerCommand as TriggerQuestion } from '@ohmnibus/contracts';
import { triggerMessage } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Has a station of any version send a message now. `accepted` is not sent: the message itself tells. */
export class TriggerCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  run({ message, evse, ...order }: TriggerQuestion): Promise<CommandAnswer> {
    const input = { message, ...(evse !== undefined && { evse: { evse, connector: 1 } }) };
    return this.dispatch.run({ ...order, content: ['trigger', message, evse], request: translated(triggerMessage, input) });
  }
}
