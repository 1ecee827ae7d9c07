import { asFault } from '@ohmnibus/domain';
import type { Journal } from '@ohmnibus/presence';
import { noteOf, readNotes } from './command-notes.js';
import type { CommandStore, NewCommand } from './command-store.js';
import type { End } from './end.js';
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
  /**
   * Whether the end will not be forgotten from here on, whatever becomes of this process; undefined if nothing is done to that end. Never rejects.
   * It must be finished all the same.
   */
  keep(end: End): Promise<boolean> | undefined;
  /** Resolves when its end is in Postgres. After a failure it may be tried again. */
  finish(end: End): Promise<void>;
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
    private readonly journal: Pick<Journal, 'note' | 'add' | 'done' | 'inherit' | 'close'>,
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

  /** Brings to Postgres what processes that are gone had not: with its end, if that is known, or to end at its deadline. */
  inherit(olderThanMs = inheritAfterMs): Promise<void> {
    return this.journal.inherit(olderThanMs, async (notes) => {
      await Promise.all(readNotes(notes).map(({ command, end }) => this.writeNoted(command, end)));
    });
  }

  /** What is open then stays noted, for others. */
  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.journal.close();
  }

  private async openStored(command: NewCommand): Promise<OpenRecord | undefined> {
    if (!(await this.store.insert(command))) return undefined;
    return { store: () => Promise.resolve(), keep: () => undefined, finish: (end) => this.store.finish(command.id, end) };
  }

  private watch(command: NewCommand, page: Awaited<ReturnType<Journal['note']>>): NotedRecord {
    const record: NotedRecord = new NotedRecord(command, this.store, {
      add: (end) => this.journal.add(page, end),
      settled: () => {
        if (this.noted.delete(record)) this.journal.done(page);
      },
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

  private async writeNoted(command: NewCommand, end: End | undefined): Promise<void> {
    try {
      await (end ? this.store.end(command, end) : this.store.insert(command));
    } catch (error) {
      if (asFault(error).transient) throw error; // Else it would be refused again.
    }
  }
}
