import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import type { EventType } from '@ohmnibus/domain';
import { AckPolicy, ConsumerEvents, DeliverPolicy, nanos, type ConsumerConfig, type ConsumerMessages, type JsMsg, type NatsConnection } from 'nats';
import type { Bus } from './bus.js';
import { provideStream } from './event-stream.js';
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
/** A request to the stream waits so long; half of it without a sign of life, twice, and it is looked into. */
const requestMs = 6_000;
/** A place in a stream that was lost begins anew with what was told lately, while nobody had noticed yet. */
const unnoticedMs = 600_000;
const lost: ReadonlySet<unknown> = new Set([ConsumerEvents.StreamNotFound, ConsumerEvents.ConsumerNotFound, ConsumerEvents.ConsumerDeleted]);

/** Hands domain events of one type to a handler until it has dealt with them. It begins with what is committed after the name is first used. */
export class EventSubscription {
  private readonly inWork = new Set<Promise<void>>();

  private constructor(
    private readonly connection: NatsConnection,
    private readonly messages: ConsumerMessages,
    private readonly options: EventSubscriptionOptions,
  ) {
    void this.read();
    void this.watch();
  }

  /** The stream must be there: see `EventStream.open`. */
  static async open(bus: Bus, options: EventSubscriptionOptions): Promise<EventSubscription> {
    const { connection } = bus;
    await providePlace(connection, options, { deliver_policy: DeliverPolicy.New });
    const consumer = await connection.jetstream().consumers.get(eventStream.name, escapeToken(options.name));
    return new EventSubscription(connection, await consumer.consume({ max_messages: options.atOnce ?? 16, expires: requestMs }), options);
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

  /** A NATS server that has come back without its store knows neither the stream nor who listens to it. */
  private async watch(): Promise<void> {
    for await (const { type } of await this.messages.status()) {
      if (!lost.has(type)) continue;
      const { name, log } = this.options;
      try {
        await provideStream(this.connection);
        await providePlace(this.connection, this.options, { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(Date.now() - unnoticedMs).toISOString() });
        log?.('event-subscription-renewed', { name });
      } catch (error) {
        // The library looks again, and tells.
        log?.('event-subscription-lost', { name, error });
      }
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

/** What the stream remembers of a subscription, beginning where it says if it is new. */
async function providePlace(connection: NatsConnection, { name, type }: EventSubscriptionOptions, begin: Pick<ConsumerConfig, 'deliver_policy' | 'opt_start_time'>): Promise<void> {
  const { consumers } = await connection.jetstreamManager();
  const durable = escapeToken(name);
  const known = await consumers.info(eventStream.name, durable).catch(() => undefined);
  await consumers.add(eventStream.name, {
    durable_name: durable,
    filter_subject: filterOf(type),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(handlingMs),
    max_ack_pending: 1_000,
    // Where one began stays as it is.
    ...(known ? { deliver_policy: known.config.deliver_policy, ...(known.config.opt_start_time && { opt_start_time: known.config.opt_start_time }) } : begin),
  });
}

/** The subjects of a type's events. */
export function filterOf(type: EventType): string {
  return `events.*.${type}.*`;
}
