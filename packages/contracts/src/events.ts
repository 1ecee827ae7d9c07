import type { EventType } from '@ohmnibus/domain';

/**
 * Domain events on JetStream: one subject per tenant, type and station, the body as JSON, the event's id as `Nats-Msg-Id`.
 * At least once; a consumer that remembers the last id it handled of a station has them exactly once.
 */
export const eventStream = {
  name: 'EVENTS',
  subject: 'events.{tenant}.{type}.{station}',
  /** How long an event can be replayed, in days. */
  retentionDays: 7,
  /** Repetitions within this time are dropped by the server. */
  duplicateWindowSeconds: 120,
} as const;

/** The JSON of one message in the stream. */
export interface EventMessage {
  readonly id: string;
  readonly type: EventType;
  readonly tenant: string;
  readonly station: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly body: Record<string, unknown>;
}
