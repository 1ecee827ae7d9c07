import type { Ask } from '@ohmnibus/domain';
import { messageFor } from '@ohmnibus/ocpp';
import type { Order } from './order.js';

/** The request by which a station of whatever version is asked for this. */
export function translated<Input>(ask: Ask<Input>, input: Input): Extract<Order['request'], (...args: never[]) => unknown> {
  return (owner) => {
    const message = owner && messageFor(owner.protocol, ask, input);
    if (!message) return { action: ask.name, payload: JSON.stringify(input), untranslated: owner ? 'unsupported' : 'offline' };
    return { action: message.action, payload: JSON.stringify(message.toRequest(input)), protocol: owner.protocol };
  };
}
