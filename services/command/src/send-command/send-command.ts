import type { CommandAnswer, SendCommand as SendCommandQuestion } from '@ohmnibus/contracts';
import { withoutSecrets } from '@ohmnibus/ocpp';
import type { Dispatch } from '../dispatch/dispatch.js';

/** Has a station do any action of its version: the payload goes to it as it is. */
export class SendCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  run({ tenant, station, timeoutSeconds, idempotencyKey, requestedBy, stored, action, payload }: SendCommandQuestion): Promise<CommandAnswer> {
    const content = ['send', action, withoutSecrets(action, payload)];
    return this.dispatch.run({ tenant, station, timeoutSeconds, idempotencyKey, requestedBy, stored, content, request: { action, payload: JSON.stringify(payload) } });
  }
}
