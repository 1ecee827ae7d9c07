import { asFault } from '@ohmnibus/domain';
import type { Journal } from '@ohmnibus/presence';
import type { CommandStore, FinishedCommand, NewCommand } from './command-store.js';
import { NotedRecord } from './noted-record.js';

/** A command without an end is written to Postgres after this time, in milliseconds, for whoever looks what is going on. */
const storeAfterMs = 1_000;
const lookMs = 250;
/** By then a process that lives has brought to Postgres what it noted, in milliseconds. */
const inheritAfterMs = 10_000;
/** Postgres gives up on JSON that is nested too deeply, which a payload of so few characters cannot be. */
const surelyStorable = 4_096;

/** What is known of one command outside of this process. */
export interface OpenRecord {
  /** Resolves when its row is in Postgres, for what refers to it. */
  store(): Promise<void>;
  /** Resolves when its end is in Postgres. After a failure it may be tried again. */
  finish(end: Pick<FinishedCommand, 'state' | 'result' | 'at'>): Promise<void>;
}

/**
 * The records of commands under way. A command is noted in Redis before it is sent, and Postgres gets it once, with its end: whatever becomes
 * of this process, others find the note and bring the command to Postgres. One that somebody refers to meanwhile is written to Postgres first.
 */
export class CommandRecords {
  private readonly noted = new Set<NotedRecord>();
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CommandStore,
    private readonly journal: Pick<Journal, 'note' | 'done' | 'inherit' | 'close'>,
  ) {}

  /**
   * Resolves when the command will not be forgotten and may be sent. Rejects with a Fault if it cannot be kept.
   * @param stored its row is to be in Postgres by then
   * @returns undefined if there is a command with this id or idempotency key already
   */
  async open(command: NewCommand, stored: boolean): Promise<OpenRecord | undefined> {
    // A database that is away is asked first, so that it can be refused before it is sent.
    if (stored || this.store.away || command.payload.length > surelyStorable) return this.openStored(command);
    try {
      return this.watch(command, await this.journal.note(noteOf(command)));
    } catch {
      return this.openStored(command);
    }
  }

  /** Brings to Postgres what processes that are gone had under way: it ends at its deadline. */
  inherit(olderThanMs = inheritAfterMs): Promise<void> {
    return this.journal.inherit(olderThanMs, async (entries) => {
      await Promise.all(entries.map((entry) => this.insertNoted(readNote(entry))));
    });
  }

  /** What is open then stays noted, for others. */
  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.journal.close();
  }

  private async openStored(command: NewCommand): Promise<OpenRecord | undefined> {
    if (!(await this.store.insert(command))) return undefined;
    return { store: () => Promise.resolve(), finish: (end) => this.store.finish({ id: command.id, ...end }) };
  }

  private watch(command: NewCommand, page: Awaited<ReturnType<Journal['note']>>): NotedRecord {
    const record: NotedRecord = new NotedRecord(command, this.store, () => {
      if (this.noted.delete(record)) this.journal.done(page);
    });
    this.noted.add(record);
    this.looking ??= setInterval(() => this.look(), lookMs).unref();
    return record;
  }

  private look(): void {
    const before = performance.now() - storeAfterMs;
    for (const record of this.noted) {
      if (record.since > before) break;
      record.store().catch(() => undefined); // Tried again at the next look.
    }
    if (this.noted.size > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  private async insertNoted(command: NewCommand): Promise<void> {
    try {
      await this.store.insert(command);
    } catch (error) {
      if (asFault(error).transient) throw error; // Else it would be refused again.
    }
  }
}

/** Of one without an idempotency key, which is never noted. */
function noteOf({ id, tenant, station, action, payload, requestedBy, createdAt, deadline }: NewCommand): string {
  return JSON.stringify([id, tenant, station, action, payload, requestedBy, createdAt.getTime(), deadline.getTime()]);
}

function readNote(note: string): NewCommand {
  type Note = [id: string, tenant: string, station: string, action: string, payload: string, requestedBy: string | null, createdAt: number, deadline: number];
  const [id, tenant, station, action, payload, requestedBy, createdAt, deadline] = JSON.parse(note) as Note;
  return { id, tenant, station, action, payload, idempotencyKey: undefined, requestedBy: requestedBy ?? undefined, createdAt: new Date(createdAt), deadline: new Date(deadline) };
}
