import { createHash, randomUUID } from 'node:crypto';
import type { Order } from './order.js';

/**
 * The id of a command, by the time if it is another each time. With an idempotency key it is made of the key and of what is asked for (RFC 9562, version 8): the same order
 * again has the same id in every process, another order under the same key has another.
 */
export function commandId({ tenant, station, idempotencyKey, content }: Pick<Order, 'tenant' | 'station' | 'idempotencyKey' | 'content'>): string {
  if (idempotencyKey === undefined) return timedId();
  const digest = createHash('sha256').update(JSON.stringify([tenant, idempotencyKey, station, sorted(content)])).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** RFC 9562, version 7: ids of one time are neighbours in the index, of which each commit then touches a page or two. */
function timedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** JSON does not order the members of an object; a repetition may spell them otherwise. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
