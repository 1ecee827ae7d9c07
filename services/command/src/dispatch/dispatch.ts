import type { CommandAnswer } from '@ohmnibus/contracts';
import { asFault, Fault, type Clock } from '@ohmnibus/domain';
import { mayHoldSecrets, withoutSecrets } from '@ohmnibus/ocpp';
import type { Owner, Presence } from '@ohmnibus/presence';
import { setTimeout as delay } from 'node:timers/promises';
import { commandId } from './command-id.js';
import type { CommandStore, FinishedCommand } from './command-store.js';
import type { Deliver } from './deliver.js';
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
  finished(command: CommandNames & Outcome & { readonly seconds: number }): void;
  /** Its end could not be stored. */
  notStored(command: CommandNames & { readonly error: unknown }): void;
}

/** How long after its deadline a command's own process may still be about to finish it. */
export const finishGraceMs = 5_000;
const retryFinishMs = 1_000;
const giveUpFinishMs = 600_000;

/** What a request has that nobody may read is sent, and not stored. */
function keptPayload({ action, payload }: StationRequest | Untranslated): string {
  if (!mayHoldSecrets(action)) return payload;
  return JSON.stringify(withoutSecrets(action, JSON.parse(payload)));
}

/**
 * Stores a command, has it delivered once, stores its end and answers. The same order again under the same idempotency key gets the
 * answer of the first, whichever process has it in work.
 */
export class Dispatch {
  private readonly running = new Map<string, Promise<CommandAnswer>>();
  private readonly interrupted: Promise<Outcome>;
  private interruptAll: (outcome: Outcome) => void = () => undefined;

  constructor(
    private readonly store: CommandStore,
    private readonly deliver: Deliver,
    private readonly presence: Pick<Presence, 'owner'>,
    private readonly clock: Clock,
    private readonly observer: DispatchObserver,
    private readonly passwords: Pick<PasswordRotation, 'carried'>,
  ) {
    this.interrupted = new Promise((resolve) => (this.interruptAll = resolve));
  }

  /** Commands in work in this process. */
  get inWork(): number {
    return this.running.size;
  }

  /** Rejects with a Fault, with nothing sent: `conflict` if the idempotency key belongs to another order, `unavailable` if it cannot be stored. */
  run(order: Order): Promise<CommandAnswer> {
    const id = order.id ?? commandId(order);
    const known = this.running.get(id);
    if (known) return known;
    const answer = this.first(id, order).finally(() => this.running.delete(id));
    this.running.set(id, answer);
    return answer;
  }

  /** The answer of the first command under this order's idempotency key; undefined if there is none. Rejects as `run` does. */
  async repetition(order: Omit<Order, 'request'>): Promise<CommandAnswer | undefined> {
    if (order.idempotencyKey === undefined || !(await this.store.find(order.tenant, order.idempotencyKey))) return undefined;
    return this.repeated(commandId(order), order);
  }

  /** Ends everything in work: what may have been written to a station as unknown. */
  interrupt(): void {
    this.interruptAll(noAnswer('unknown', 'interrupted'));
  }

  private async first(id: string, order: Order): Promise<CommandAnswer> {
    const createdAt = this.clock.now();
    const deadline = new Date(createdAt.getTime() + order.timeoutSeconds * 1000);
    const { tenant, station, idempotencyKey, requestedBy } = order;
    const owner = this.presence.owner({ tenant, station });
    owner.catch(() => undefined); // It is awaited where it is needed.
    const request = typeof order.request === 'function' ? order.request(await owner, id) : order.request;
    const { action } = request;
    const payload = keptPayload(request);
    const isNew = await this.store.insert({ id, tenant, station, action, payload, idempotencyKey, requestedBy, createdAt, deadline });
    if (!isNew) return this.repeated(id, order);
    const outcome =
      'untranslated' in request
        ? noAnswer('failed', request.untranslated)
        : ((await this.prepare(order, { id, createdAt, request })) ?? (await this.send({ id, tenant, station, deadline, request }, owner)));
    await this.finish({ id, tenant, station, action }, createdAt, outcome);
    return { id, ...outcome };
  }

  /** The end of a command that cannot be prepared: nothing is sent. */
  private async prepare({ prepare }: Order, command: PreparedCommand): Promise<Outcome | undefined> {
    try {
      await prepare?.(command);
      return undefined;
    } catch (error) {
      return noAnswer('failed', asFault(error).code);
    }
  }

  private send(command: Parameters<Deliver['run']>[0], owner: Promise<Owner | undefined>): Promise<Outcome> {
    return this.passwords.carried(command, () => Promise.race([this.deliver.run(command, owner), this.interrupted]));
  }

  /** The station has answered, and the caller gets that answer even if the database has just gone away. */
  private async finish(command: CommandNames, createdAt: Date, outcome: Outcome): Promise<void> {
    const at = this.clock.now();
    this.observer.finished({ ...command, ...outcome, seconds: (at.getTime() - createdAt.getTime()) / 1000 });
    const finished = { id: command.id, at, ...outcome };
    try {
      await this.store.finish(finished);
    } catch (error) {
      this.observer.notStored({ ...command, error });
      this.finishLater(command, finished);
    }
  }

  /** Until the database is back, or until others have ended it as overdue. */
  private finishLater(command: CommandNames, finished: FinishedCommand): void {
    setTimeout(() => {
      this.store.finish(finished).catch((error: unknown) => {
        this.observer.notStored({ ...command, error });
        if (this.clock.now().getTime() < finished.at.getTime() + giveUpFinishMs) this.finishLater(command, finished);
      });
    }, retryFinishMs).unref();
  }

  /** Waits for the first command under this key, which another process may have in work. */
  private async repeated(id: string, { tenant, idempotencyKey }: Pick<Order, 'tenant' | 'idempotencyKey'>): Promise<CommandAnswer> {
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 500)) {
      const known = await this.store.find(tenant, idempotencyKey ?? '');
      if (!known || known.id !== id) throw new Fault('conflict', 'the idempotency key belongs to another command', known && { command: known.id });
      if (known.answer) return known.answer;
      // Every process looks for commands that are overdue, so this one is about to be finished by somebody.
      if (this.clock.now().getTime() > known.deadline.getTime() + 3 * finishGraceMs) {
        throw new Fault('deadline-exceeded', 'the first command under this idempotency key has no end yet', { command: id });
      }
      if (await Promise.race([delay(pauseMs), this.interrupted])) throw new Fault('unavailable', 'the command service stops', { command: id });
    }
  }
}
