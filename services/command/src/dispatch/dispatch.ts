import type { CommandAnswer } from '@ohmnibus/contracts';
import { asFault, Fault, type Clock } from '@ohmnibus/domain';
import { mayHoldSecrets, withoutSecrets } from '@ohmnibus/ocpp';
import type { Owner, Presence } from '@ohmnibus/presence';
import { setTimeout as delay } from 'node:timers/promises';
import { commandId } from './command-id.js';
import type { CommandRecords, OpenRecord } from './command-records.js';
import type { CommandStore } from './command-store.js';
import type { Deliver, Delivery } from './deliver.js';
import { End } from './end.js';
import { noAnswer, type Outcome } from './outcome.js';
import type { Order, PreparedCommand, StationRequest, Untranslated } from './order.js';
import type { PasswordRotation } from './password-rotation.js';

export interface CommandNames {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  readonly action: string;
}

/** Told of every command that ended here. */
export interface DispatchObserver {
  finished(command: CommandNames, outcome: Outcome, seconds: number): void;
  /** Its end could not be stored. */
  notStored(command: CommandNames, error: unknown): void;
}

export interface DispatchParts {
  readonly store: Pick<CommandStore, 'find'>;
  readonly records: Pick<CommandRecords, 'open'>;
  readonly deliver: Pick<Deliver, 'run'>;
  readonly presence: Pick<Presence, 'owner'>;
  readonly clock: Clock;
  readonly observer: DispatchObserver;
  readonly passwords: Pick<PasswordRotation, 'carried'>;
}

/** How long after its deadline a command's own process may still be about to finish it. */
export const finishGraceMs = 5_000;
const retryFinishMs = 1_000;
const giveUpFinishMs = 600_000;
const interruption = noAnswer('unknown', 'interrupted');

/** What a request has that nobody may read is sent, and not stored. */
function keptPayload({ action, payload }: StationRequest | Untranslated): string {
  if (!mayHoldSecrets(action)) return payload;
  return JSON.stringify(withoutSecrets(action, JSON.parse(payload)));
}

/**
 * Takes down a command, has it delivered once, stores its end and answers. The same order again under the same idempotency key gets the
 * answer of the first, whichever process has it in work.
 */
export class Dispatch {
  private readonly running = new Map<string, Promise<CommandAnswer>>();
  /** What ends those that wait for their station. */
  private readonly waiting = new Set<(outcome: Outcome) => void>();
  private interrupted = false;

  constructor(private readonly parts: DispatchParts) {}

  /** Commands in work in this process. */
  get inWork(): number {
    return this.running.size;
  }

  /** Rejects with a Fault, with nothing sent: `conflict` if the idempotency key belongs to another order, `unavailable` if it cannot be stored. */
  run(order: Order): Promise<CommandAnswer> {
    const id = order.id ?? commandId(order);
    const known = this.running.get(id);
    if (known) return known;
    const answer = this.first(id, order);
    this.running.set(id, answer);
    const ended = () => this.running.delete(id);
    answer.then(ended, ended);
    return answer;
  }

  /** The answer of the first command under this order's idempotency key; undefined if there is none. Rejects as `run` does. */
  async repetition(order: Omit<Order, 'request'>): Promise<CommandAnswer | undefined> {
    if (order.idempotencyKey === undefined || !(await this.parts.store.find(order.tenant, order.idempotencyKey))) return undefined;
    return this.repeated(commandId(order), order);
  }

  /** Ends everything in work: what may have been written to a station as unknown. */
  interrupt(): void {
    this.interrupted = true;
    for (const end of this.waiting) end(interruption);
  }

  private async first(id: string, order: Order): Promise<CommandAnswer> {
    const createdAt = this.parts.clock.now();
    const deadline = new Date(createdAt.getTime() + order.timeoutSeconds * 1000);
    const { tenant, station, idempotencyKey, requestedBy } = order;
    const owner = this.parts.presence.owner(order);
    owner.catch(() => undefined); // It is awaited where it is needed.
    const request = typeof order.request === 'function' ? order.request(await owner, id) : order.request;
    const { action } = request;
    const payload = keptPayload(request);
    // Its row keeps a second process from sending it under the same key, or is referred to by others.
    const stored = idempotencyKey !== undefined || order.id !== undefined || order.prepare !== undefined;
    const record = await this.parts.records.open({ id, tenant, station, action, payload, idempotencyKey, requestedBy, createdAt, deadline }, stored);
    if (!record) return this.repeated(id, order);
    const { state, result } =
      'untranslated' in request
        ? noAnswer('failed', request.untranslated)
        : ((order.prepare && (await this.prepare(order.prepare, { id, createdAt, request }))) ??
          (await this.send({ id, tenant, station, deadline, request, record }, owner)));
    await this.finish({ id, tenant, station, action }, createdAt, new End(state, result, this.parts.clock.now()), record, order.stored ?? false);
    return { id, state, result };
  }

  /** The end of a command that cannot be prepared: nothing is sent. */
  private async prepare(prepare: NonNullable<Order['prepare']>, command: PreparedCommand): Promise<Outcome | undefined> {
    try {
      await prepare(command);
      return undefined;
    } catch (error) {
      return noAnswer('failed', asFault(error).code);
    }
  }

  private send(command: Delivery, owner: Promise<Owner | undefined>): Promise<Outcome> {
    return this.parts.passwords.carried(command, () => this.delivered(command, owner));
  }

  private delivered(command: Delivery, owner: Promise<Owner | undefined>): Promise<Outcome> {
    if (this.interrupted) return Promise.resolve(noAnswer('failed', 'interrupted'));
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        this.waiting.delete(end);
        resolve(outcome);
      };
      this.waiting.add(end);
      this.parts.deliver.run(command, owner, end);
    });
  }

  /** Resolves when its end will not be forgotten. The station has answered, and the caller gets that answer even if the database has just gone away. */
  private async finish(command: CommandNames, createdAt: Date, end: End, record: OpenRecord, stored: boolean): Promise<void> {
    this.parts.observer.finished(command, end, (end.at.getTime() - createdAt.getTime()) / 1000);
    const kept = stored ? undefined : record.keep(end);
    const storing = record.finish(end).catch((error: unknown) => {
      this.parts.observer.notStored(command, error);
      this.finishLater(command, end, record);
    });
    if (!kept || !(await kept)) await storing;
  }

  /** Until the database is back, or until others have ended it as overdue. */
  private finishLater(command: CommandNames, end: End, record: OpenRecord): void {
    setTimeout(() => {
      record.finish(end).catch((error: unknown) => {
        this.parts.observer.notStored(command, error);
        if (this.parts.clock.now().getTime() < end.at.getTime() + giveUpFinishMs) this.finishLater(command, end, record);
      });
    }, retryFinishMs).unref();
  }

  /** Waits for the first command under this key, which another process may have in work. */
  private async repeated(id: string, { tenant, idempotencyKey }: Pick<Order, 'tenant' | 'idempotencyKey'>): Promise<CommandAnswer> {
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 500)) {
      const known = await this.parts.store.find(tenant, idempotencyKey ?? '');
      if (!known || known.id !== id) throw new Fault('conflict', 'the idempotency key belongs to another command', known && { command: known.id });
      if (known.answer) return known.answer;
      // Every process looks for commands that are overdue, so this one is about to be finished by somebody.
      if (this.parts.clock.now().getTime() > known.deadline.getTime() + 3 * finishGraceMs) {
        throw new Fault('deadline-exceeded', 'the first command under this idempotency key has no end yet', { command: id });
      }
      if (!this.interrupted) await delay(pauseMs);
      if (this.interrupted) throw new Fault('unavailable', 'the command service stops', { command: id });
    }
  }
}
