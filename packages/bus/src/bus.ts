import type { Broadcast, PackedQuestion, Question, Tokens, TokensOf } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { connect, createInbox, Events, type Msg, type NatsConnection, type Subscription } from 'nats';
import { readFault } from './pack.js';
import { PackedAsker, type Receiver } from './packed-asker.js';
import { PackedServer } from './packed-server.js';
import { asBuffer, errorCode, parseJson, QuestionServer } from './question-server.js';
import { sendingFault } from './sending-fault.js';
import { fillSubject, matchSubject } from './subject.js';

export interface BusOptions {
  readonly url: string;
  /** What this process is called: its connection's name, and the queue group that it serves in. */
  readonly name: string;
  readonly log?: (event: string, context: Record<string, unknown>) => void;
  /** See PackedAsker; milliseconds. */
  readonly windowMs?: number;
  readonly maxPending?: number;
}

const noResponders = 503;

/** Where handlers are registered for a contract; `stop` lets the questions in work finish and takes no new ones. */
export interface Serving {
  stop(): Promise<void>;
}

/** NATS as questions and answers. Every subject comes from packages/contracts. */
export class Bus {
  private readonly askers = new Map<string, PackedAsker<unknown, unknown>>();
  private readonly recent = new WeakMap<object, { readonly contract: object; readonly asker: unknown }>();
  private readonly log: (event: string, context: Record<string, unknown>) => void;

  private constructor(
    readonly connection: NatsConnection,
    private readonly options: BusOptions,
  ) {
    this.log = options.log ?? (() => undefined);
    void this.watch();
  }

  /** Connects, and stays connected as long as it is not closed. Throws a Fault if the server cannot be reached now. */
  static async connect(options: BusOptions): Promise<Bus> {
    try {
      const connection = await connect({
        servers: options.url,
        name: options.name,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        pingInterval: 10_000,
        maxPingOut: 2,
      });
      return new Bus(connection, options);
    } catch (error) {
      throw new Fault('unavailable', 'NATS cannot be reached', {}, { cause: error });
    }
  }

  get connected(): boolean {
    return !this.connection.isClosed() && this.up;
  }

  private up = true;

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === Events.Disconnect) this.up = false;
      if (status.type === Events.Reconnect) this.up = true;
      if (status.type === Events.Disconnect || status.type === Events.Reconnect) this.log(`nats-${status.type}`, {});
    }
  }

  /**
   * Asks one question. Rejects with the other side's Fault, or with `unavailable` if nobody serves the subject (its `details` then hold
   * `noResponders: true`), `deadline-exceeded` if no answer came in time, `overloaded` if too many questions are outstanding.
   */
  ask<S extends string, Q, A>(contract: Question<S, Q, A> | PackedQuestion<S, Q, A>, tokens: Tokens<S>, question: Q, timeoutMs = contract.timeoutMs): Promise<A> {
    if (this.connection.isClosed()) return Promise.reject(new Fault('unavailable', 'the bus is closed'));
    if (contract.kind === 'packed') return this.recentAsker(contract, tokens).ask(question, timeoutMs);
    return this.askOnce(contract, fillSubject(contract.subject, tokens), question, timeoutMs);
  }

  /** Asks a packed question without a promise: the receiver is told what `ask` would resolve or reject with. */
  put<S extends string, Q, A>(contract: PackedQuestion<S, Q, A>, tokens: Tokens<S>, question: Q, receiver: Receiver<A>, timeoutMs = contract.timeoutMs): void {
    if (this.connection.isClosed()) return queueMicrotask(() => receiver.failed(new Fault('unavailable', 'the bus is closed')));
    this.recentAsker(contract, tokens).put(question, timeoutMs, receiver);
  }

  private async askOnce<Q, A>(contract: Question<string, Q, A>, subject: string, question: Q, timeoutMs: number): Promise<A> {
    let reply: Msg;
    try {
      reply = await this.connection.request(subject, JSON.stringify(question), { timeout: timeoutMs });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === 'TIMEOUT') throw new Fault('deadline-exceeded', `no answer in time from ${contract.subject}`, {}, { cause: error });
      if (code !== String(noResponders)) throw sendingFault(error);
      throw new Fault('unavailable', `nobody serves ${contract.subject}`, { noResponders: true }, { cause: error });
    }
    if (reply.headers?.has(errorCode)) throw readFault(reply.data);
    const answer = contract.answer.safeParse(parseJson(reply.data));
    if (!answer.success) throw new Fault('internal', `an answer of ${contract.subject} does not fit its contract`, {}, { cause: answer.error });
    return answer.data;
  }

  private publish(subject: string, pack: Buffer, reply?: string): void {
    try {
      this.connection.publish(subject, pack, reply === undefined ? {} : { reply });
    } catch (error) {
      throw sendingFault(error);
    }
  }

  /** The asker of the very same tokens object as before needs no subject to be built: that is how the hot path asks. */
  private recentAsker<S extends string, Q, A>(contract: PackedQuestion<S, Q, A>, tokens: Tokens<S>): PackedAsker<Q, A> {
    const recent = this.recent.get(tokens);
    if (recent && recent.contract === contract) return recent.asker as PackedAsker<Q, A>;
    const asker = this.askerFor(contract, fillSubject(contract.subject, tokens));
    this.recent.set(tokens, { contract, asker });
    return asker;
  }

  private askerFor<Q, A>(contract: PackedQuestion<string, Q, A>, subject: string): PackedAsker<Q, A> {
    const known = this.askers.get(subject);
    if (known) return known as unknown as PackedAsker<Q, A>;
    const inbox = createInbox();
    const asker = new PackedAsker(contract, {
      inbox,
      windowMs: contract.windowMs ?? this.options.windowMs ?? 2,
      maxPending: this.options.maxPending ?? 50_000,
      send: (pack, reply) => this.publish(subject, pack, reply),
      onError: (error) => this.log('answer-unreadable', { subject, error }),
    });
    this.connection.subscribe(`${inbox}.>`, {
      callback: (error, message) => {
        if (error) return this.log('nats-subscription-failed', { subject, error });
        if (message.headers?.code !== noResponders) return asker.receive(asBuffer(message.data));
        const [first, last] = message.subject.split('.').slice(-2).map(Number);
        asker.nobodyServes(first ?? 0, last ?? 0);
      },
    });
    this.askers.set(subject, asker);
    return asker;
  }

  /** Answers questions, together with every other process of the same name. A thrown Fault travels back to the asker. */
  serve<S extends string, Q, A>(
    contract: Question<S, Q, A> | PackedQuestion<S, Q, A>,
    tokens: Partial<Record<TokensOf<S>, string>>,
    handle: (question: Q) => A | Promise<A>,
  ): Serving {
    const subject = matchSubject(contract.subject, tokens);
    return contract.kind === 'packed' ? this.servePacked(contract, subject, handle) : this.serveOnce(contract, subject, handle);
  }

  private servePacked<Q, A>(contract: PackedQuestion<string, Q, A>, subject: string, handle: (question: Q) => A | Promise<A>): Serving {
    const server = new PackedServer(contract, handle, {
      send: (to, pack) => this.publish(to, pack),
      maxMessageBytes: () => this.connection.info?.max_payload ?? 1_048_576,
      onError: (error) => this.log('question-failed', { subject, error }),
      onExpired: () => this.log('question-expired', { subject }),
    });
    const subscription = this.connection.subscribe(subject, {
      queue: this.options.name,
      callback: (error, message) => {
        if (error) this.log('nats-subscription-failed', { subject, error });
        else if (message.reply) server.receive(asBuffer(message.data), message.reply);
      },
    });
    return this.serving(subscription, () => server.inWork, () => server.flush());
  }

  private serveOnce<Q, A>(contract: Question<string, Q, A>, subject: string, handle: (question: Q) => A | Promise<A>): Serving {
    const server = new QuestionServer(contract, handle, (error) => this.log('question-failed', { subject, error }));
    const subscription = this.connection.subscribe(subject, {
      queue: this.options.name,
      callback: (error, message) => {
        if (error) this.log('nats-subscription-failed', { subject, error });
        else server.receive(message);
      },
    });
    return this.serving(subscription, () => server.inWork, () => undefined);
  }

  private serving(subscription: Subscription, inWork: () => number, flush: () => void): Serving {
    return {
      stop: async () => {
        if (!subscription.isClosed()) await subscription.drain();
        while (inWork() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        flush();
      },
    };
  }

  /** Tells everybody who listens now. */
  tell<S extends string, E>(contract: Broadcast<S, E>, tokens: Tokens<S>, event: E): void {
    this.connection.publish(fillSubject(contract.subject, tokens), JSON.stringify(event));
  }

  /** Listens to broadcasts; what does not fit the contract is logged and dropped. */
  listen<S extends string, E>(contract: Broadcast<S, E>, tokens: Partial<Record<TokensOf<S>, string>>, handle: (event: E) => void): void {
    this.connection.subscribe(matchSubject(contract.subject, tokens), {
      callback: (error, message) => {
        const event = error ? undefined : contract.event.safeParse(parseJson(message.data));
        if (!event?.success) return this.log('broadcast-dropped', { subject: contract.subject, error: error ?? event?.error });
        try {
          handle(event.data);
        } catch (failure) {
          // An error that leaves this callback would end the reading of everything else on the connection.
          this.log('broadcast-failed', { subject: contract.subject, error: failure });
        }
      },
    });
  }

  /** Questions asked and not answered yet. */
  get outstanding(): number {
    let sum = 0;
    for (const asker of this.askers.values()) sum += asker.outstanding;
    return sum;
  }

  /** Sends what is written, fails what is outstanding and disconnects. Stop what is served first. */
  async close(): Promise<void> {
    for (const asker of this.askers.values()) asker.flush();
    if (!this.connection.isClosed()) await this.connection.drain().catch(() => this.connection.close());
    for (const asker of this.askers.values()) asker.close();
  }
}
