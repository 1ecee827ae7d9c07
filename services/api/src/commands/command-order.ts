import { Fault } from '@ohmnibus/domain';
import type { KeyHolder } from '../http/api-keys.js';
import type { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { outcomeSchema } from './command-schemas.js';

/** How every route is described that has a station do something. */
export const ordering = {
  tag: 'Commands',
  params: stationParam,
  headers: { 'Idempotency-Key': 'The same key again answers with the first command instead of sending another' },
  answers: { 200: { description: 'How the command ended: what the station answered, or why there is no answer', schema: outcomeSchema } },
  problems: { ...noStation, 409: 'The idempotency key belongs to another command, or the transaction has ended', 504: 'No answer in time from the command service' },
};

/** The command service answers when the station's time is up at the latest; so much more for the way. */
const marginMs = 10_000;

interface OrderOptions {
  readonly timeoutSeconds: number;
  readonly idempotencyKey?: string | undefined;
}

/**
 * What every command of a request has in common. Throws `not-found` for a station that does not exist.
 * @param header the value of Idempotency-Key
 */
export async function orderOf(stations: StationQueries, { tenant, name }: KeyHolder, station: string, body: OrderOptions, header: string | undefined) {
  const { timeoutSeconds, idempotencyKey = header } = body;
  if (header !== undefined && idempotencyKey !== header) throw new Fault('bad-value', 'idempotencyKey: the body and the header Idempotency-Key differ');
  await stations.require({ tenant, station });
  // Whoever is told an id can look it up.
  return { tenant, station, timeoutSeconds, idempotencyKey, requestedBy: name, stored: true };
}

/** How long to wait for the answer to a command, in milliseconds. */
export function answerTimeoutMs({ timeoutSeconds }: Pick<OrderOptions, 'timeoutSeconds'>): number {
  return timeoutSeconds * 1000 + marginMs;
}
