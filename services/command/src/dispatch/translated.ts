import type { Ask } from '@ohmnibus/domain';
import { messageFor } from '@ohmnibus/ocpp';
import type { Order } from './order.js';

/**
 * The request by which a station of whatever version is asked for this.
 * @param kept what is stored of the input where it cannot be said to the station
 */
export function translated<Input>(ask: Ask<Input>, input: Input, kept: Input = input): Extract<Order['request'], (...args: never[]) => unknown> {
  return (owner) => {
    const message = owner && messageFor(owner.protocol, ask, input);
    if (!message) return { action: ask.name, payload: JSON.stringify(kept), untranslated: owner ? 'unsupported' : 'offline' };
    return { action: message.action, payload: JSON.stringify(message.toRequest(input)), protocol: owner.protocol };
  };
}
