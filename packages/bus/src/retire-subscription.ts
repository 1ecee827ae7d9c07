import { eventStream } from '@ohmnibus/contracts';
import type { EventType } from '@ohmnibus/domain';
import { NatsError, type ConsumerInfo } from 'nats';
import type { Bus } from './bus.js';
import { filterOf } from './event-subscription.js';
import { escapeToken } from './subject.js';

/** Who listens has a request for the next events open, or was given some lately and is at work on them. */
const listenedMs = 600_000;

/**
 * Has the stream forget what an {@link EventSubscription} of an earlier version has handled: otherwise it counts for ever what it has not.
 * One that is still listened to, as during a rolling upgrade, is left alone, and so is one of the same name that is about something else.
 * Resolves with whether it was there and is gone.
 */
export async function retireSubscription(bus: Bus, { name, type }: { readonly name: string; readonly type: EventType }): Promise<boolean> {
  const { consumers } = await bus.connection.jetstreamManager();
  const durable = escapeToken(name);
  const known = await consumers.info(eventStream.name, durable).catch(unlessMissing);
  if (!known || known.config.filter_subject !== filterOf(type) || isListenedTo(known)) return false;
  // Another process may have been quicker.
  return (await consumers.delete(eventStream.name, durable).catch(unlessMissing)) ?? false;
}

function isListenedTo({ num_waiting, delivered }: ConsumerInfo): boolean {
  // The library takes it for a number.
  const last = delivered.last_active as unknown as string | undefined;
  return num_waiting > 0 || (last !== undefined && Date.now() - Date.parse(last) < listenedMs);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof NatsError && error.api_error?.code === 404) return undefined;
  throw error;
}
