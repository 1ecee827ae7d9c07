import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { ErrorCode, headers, nanos, NatsError, RetentionPolicy, StorageType, type JetStreamClient, type NatsConnection, type PubAck } from 'nats';
import type { Bus } from './bus.js';
import { escapeToken } from './subject.js';

const dayMs = 86_400_000;

/** An event whose JSON is written already. */
export interface WrittenEvent extends Pick<EventMessage, 'id' | 'tenant' | 'type' | 'station'> {
  /** Of all of the {@link EventMessage}. */
  readonly text: string;
}

/** An event that the stream will never take, and why. */
export interface RefusedEvent<E extends WrittenEvent = WrittenEvent> {
  readonly event: E;
  readonly reason: string;
}

/** Codes for a message that is larger than the server's, or the stream's, may be. */
const payloadTooLarge: string = ErrorCode.MaxPayloadExceeded;
const messageTooLarge = 10054;
const noResponders: string = ErrorCode.NoResponders;

/** Makes the stream if it is not there; one that an operator has set up otherwise is left as it is. */
export async function provideStream(connection: NatsConnection): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  if (await streams.info(eventStream.name).catch(() => undefined)) return;
  await streams.add({
    name: eventStream.name,
    subjects: ['events.>'],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(eventStream.retentionDays * dayMs),
    duplicate_window: nanos(eventStream.duplicateWindowSeconds * 1000),
  });
}

/** Puts domain events on JetStream. */
export class EventStream {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly jetStream: JetStreamClient,
  ) {}

  /** Makes the stream if it is not there. */
  static async open(bus: Bus): Promise<EventStream> {
    await provideStream(bus.connection);
    return new EventStream(bus.connection, bus.connection.jetstream());
  }

  /** Resolves when the server has stored all of them; the same id again within the duplicate window is stored once. */
  async publish(events: readonly EventMessage[]): Promise<void> {
    const [refused] = await this.publishWritten(events.map((event) => ({ ...event, text: JSON.stringify(event) })));
    if (refused) throw new Fault('bad-value', `the stream does not take event ${refused.event.id}: ${refused.reason}`);
  }

  /** Likewise, but for those that it will never store, which are answered. Rejects where it may do so another time; any may have been stored then. */
  async publishWritten<E extends WrittenEvent>(events: readonly E[]): Promise<RefusedEvent<E>[]> {
    try {
      const stored = events.length > 1 && (await this.publishRow(events).catch(notIfRefused));
      return stored ? [] : await this.publishEach(events);
    } catch (error) {
      // Nobody takes them: a NATS server that has come back without its store has no stream. The next attempt finds one.
      if (error instanceof NatsError && error.code === noResponders) await provideStream(this.connection).catch(() => undefined);
      throw error;
    }
  }

  private async publishEach<E extends WrittenEvent>(events: readonly E[]): Promise<RefusedEvent<E>[]> {
    const refused: RefusedEvent<E>[] = [];
    const publish = (event: E) =>
      this.publishOne(event).catch((error: unknown) => {
        const reason = refusal(error);
        if (reason === undefined) throw error;
        refused.push({ event, reason });
      });
    await Promise.all(events.map(publish));
    return refused;
  }

  /**
   * Asks for the acknowledgements of the first and the last alone, which costs a fraction of asking for all. The stream numbers what it
   * stores: if as many numbers lie between as messages, each of them is stored. Otherwise, as after a repetition, that is not known.
   */
  private async publishRow(events: readonly WrittenEvent[]): Promise<boolean> {
    const begin = this.publishOne(events[0]!);
    // Looked at below, unless the connection turns out to be gone before that.
    begin.catch(() => undefined);
    this.publishUnheard(events.slice(1, -1));
    const [before, after] = await Promise.all([begin, this.publishOne(events.at(-1)!)]);
    return !before.duplicate && !after.duplicate && after.seq - before.seq === events.length - 1;
  }

  /** One that is refused on the way is left out, and missed when they are counted. */
  private publishUnheard(events: readonly WrittenEvent[]): void {
    // Headers are written into the message before this returns: one object serves for all. What is a Buffer already is cheaper than what NATS makes of a text.
    const head = headers();
    const options = { headers: head };
    for (const event of events) {
      head.set('Nats-Msg-Id', event.id);
      try {
        this.connection.publish(subjectOf(event), Buffer.from(event.text), options);
      } catch (error) {
        notIfRefused(error);
      }
    }
  }

  private publishOne(event: WrittenEvent): Promise<PubAck> {
    return this.jetStream.publish(subjectOf(event), event.text, { msgID: event.id });
  }
}

/** Why an event is refused for good; undefined: what failed may pass. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof NatsError)) return undefined;
  return error.code === payloadTooLarge || error.api_error?.err_code === messageTooLarge ? error.message : undefined;
}

/** False: it is a refusal. Throws everything else. */
function notIfRefused(error: unknown): false {
  if (refusal(error) === undefined) throw error;
  return false;
}

/** The type's own dot makes two tokens of it, so that `events.*.transaction.>` selects a family. */
export function subjectOf(event: Pick<EventMessage, 'tenant' | 'type' | 'station'>): string {
  return `events.${escapeToken(event.tenant)}.${event.type}.${escapeToken(event.station)}`;
}
