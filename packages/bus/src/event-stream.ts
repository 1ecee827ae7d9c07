import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import { headers, nanos, RetentionPolicy, StorageType, type JetStreamClient, type NatsConnection, type PubAck } from 'nats';
import type { Bus } from './bus.js';
import { escapeToken } from './subject.js';

const dayMs = 86_400_000;

/** An event whose JSON is written already. */
export interface WrittenEvent extends Pick<EventMessage, 'id' | 'tenant' | 'type' | 'station'> {
  /** Of all of the {@link EventMessage}. */
  readonly text: string;
}

/** Puts domain events on JetStream. */
export class EventStream {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly jetStream: JetStreamClient,
  ) {}

  /** Makes the stream if it is not there; one that an operator has set up otherwise is left as it is. */
  static async open(bus: Bus): Promise<EventStream> {
    const streams = await bus.connection.jetstreamManager();
    const known = await streams.streams.info(eventStream.name).catch(() => undefined);
    if (!known) {
      await streams.streams.add({
        name: eventStream.name,
        subjects: ['events.>'],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        max_age: nanos(eventStream.retentionDays * dayMs),
        duplicate_window: nanos(eventStream.duplicateWindowSeconds * 1000),
      });
    }
    return new EventStream(bus.connection, bus.connection.jetstream());
  }

  /** Resolves when the server has stored all of them; the same id again within the duplicate window is stored once. */
  publish(events: readonly EventMessage[]): Promise<void> {
    return this.publishWritten(events.map((event) => ({ ...event, text: JSON.stringify(event) })));
  }

  /** Likewise. */
  async publishWritten(events: readonly WrittenEvent[]): Promise<void> {
    const [first, ...rest] = events;
    const last = rest.pop();
    if (!first || !last || !(await this.publishRow(first, rest, last))) await Promise.all(events.map((event) => this.publishOne(event)));
  }

  /**
   * Asks for the acknowledgements of the first and the last alone, which costs a fraction of asking for all. The stream numbers what it
   * stores: if as many numbers lie between as messages, each of them is stored. Otherwise, as after a repetition, that is not known.
   */
  private async publishRow(first: WrittenEvent, between: readonly WrittenEvent[], last: WrittenEvent): Promise<boolean> {
    const begin = this.publishOne(first);
    // They are written into the message before this returns: one object serves for all.
    const head = headers();
    const options = { headers: head };
    for (const event of between) {
      head.set('Nats-Msg-Id', event.id);
      this.connection.publish(subjectOf(event), event.text, options);
    }
    const [before, after] = await Promise.all([begin, this.publishOne(last)]);
    return !before.duplicate && !after.duplicate && after.seq - before.seq === between.length + 1;
  }

  private publishOne(event: WrittenEvent): Promise<PubAck> {
    return this.jetStream.publish(subjectOf(event), event.text, { msgID: event.id });
  }
}

/** The type's own dot makes two tokens of it, so that `events.*.transaction.>` selects a family. */
export function subjectOf(event: Pick<EventMessage, 'tenant' | 'type' | 'station'>): string {
  return `events.${escapeToken(event.tenant)}.${event.type}.${escapeToken(event.station)}`;
}
