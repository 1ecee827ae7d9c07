import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import type { EventType } from '@ohmnibus/domain';
import { AckPolicy, DeliverPolicy, nanos, type ConsumerMessages, type JsMsg } from 'nats';
import type { Bus } from './bus.js';
import { escapeToken } from './subject.js';

export interface EventSubscriptionOptions {
  /** Under this name the stream remembers what was handled, across restarts and for all processes that use it: each event goes to one of them. */
  readonly name: string;
  /** One type; what needs two types subscribes twice. */
  readonly type: EventType;
  /** Resolves when the event is dealt with for good. It comes again after a rejection, and now and then without one: it must be idempotent. */
  readonly handle: (event: EventMessage) => Promise<void>;
  /** How many are in work at once in this process. */
  readonly atOnce?: number;
  readonly log?: (event: string, context: Record<string, unknown>) => void;
}

/** An event whose handler has not answered by then is given to another process. */
const handlingMs = 30_000;
const longestRestMs = 300_000;

/** Hands domain events of one type to a handler until it has dealt with them. It begins with what is committed after the name is first used. */
export class EventSubscription {
  private readonly inWork = new Set<Promise<void>>();

  private constructor(
    private readonly messages: ConsumerMessages,
    private readonly options: EventSubscriptionOptions,
  ) {
    void this.read();
  }

  /** The stream must be there: see `EventStream.open`. */
  static async open(bus: Bus, options: EventSubscriptionOptions): Promise<EventSubscription> {
    const streams = await bus.connection.jetstreamManager();
    await streams.consumers.add(eventStream.name, {
      durable_name: escapeToken(options.name),
      filter_subject: filterOf(options.type),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(handlingMs),
      deliver_policy: DeliverPolicy.New,
      max_ack_pending: 1_000,
    });
    const consumer = await bus.connection.jetstream().consumers.get(eventStream.name, escapeToken(options.name));
    return new EventSubscription(await consumer.consume({ max_messages: options.atOnce ?? 16 }), options);
  }

  /** Resolves when what is in work has been dealt with; the rest waits for the next process of this name. */
  async stop(): Promise<void> {
    await this.messages.close();
    await Promise.all(this.inWork);
  }

  private async read(): Promise<void> {
    try {
      for await (const message of this.messages) {
        const work: Promise<void> = this.handle(message).finally(() => this.inWork.delete(work));
        this.inWork.add(work);
        if (this.inWork.size >= (this.options.atOnce ?? 16)) await Promise.race(this.inWork);
      }
    } catch (error) {
      this.options.log?.('event-subscription-ended', { name: this.options.name, error });
    }
  }

  /** Never rejects. */
  private async handle(message: JsMsg): Promise<void> {
    const { name, handle, log } = this.options;
    try {
      await handle(message.json<EventMessage>());
      message.ack();
    } catch (error) {
      log?.('event-not-handled', { name, subject: message.subject, attempt: message.info.deliveryCount, error });
      message.nak(Math.min(1_000 * 2 ** Math.min(message.info.deliveryCount, 10), longestRestMs));
    }
  }
}

/** The subjects of a type's events. */
export function filterOf(type: EventType): string {
  return `events.*.${type}.*`;
}
