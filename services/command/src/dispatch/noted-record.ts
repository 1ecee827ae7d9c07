import { asFault } from '@ohmnibus/domain';
import { endNoteOf } from './command-notes.js';
import type { OpenRecord } from './command-records.js';
import type { CommandStore, NewCommand } from './command-store.js';
import type { End } from './end.js';

/** What is written later must not grow without bounds: when so many rows wait, everybody waits for his own. */
const manyRows = 2_000;
/** A longer result, in characters, is not worth a second place. */
const longResult = 16_384;
/** Long before another process may take the note, in milliseconds. */
const youngMs = 5_000;

/** Of a command that is noted and, if its end comes soon, written to Postgres once. */
export class NotedRecord implements OpenRecord {
  readonly since = performance.now();
  private storing: Promise<void> | undefined;
  private stored = false;

  constructor(
    private readonly command: NewCommand,
    private readonly rows: Pick<CommandStore, 'insert' | 'finish' | 'end' | 'depth'>,
    private readonly note: {
      /** Whether Redis gets to know this as well. */
      add(end: string): Promise<boolean>;
      /** Told, perhaps more than once, when the note is needed no longer. */
      settled(): void;
    },
  ) {}

  store(): Promise<void> {
    return (this.storing ??= this.insert());
  }

  keep(end: End): Promise<boolean> | undefined {
    if (this.storing || this.rows.depth > manyRows || performance.now() - this.since > youngMs) return undefined;
    try {
      return end.text.length <= longResult ? this.note.add(endNoteOf(this.command, end)) : undefined;
    } catch {
      return undefined; // Whoever stores it says why.
    }
  }

  finish(end: End): Promise<void> {
    return this.storing ? this.finishStored(end) : this.rows.end(this.command, end).then(this.note.settled, (error: unknown) => this.refused(error));
  }

  private async finishStored(end: End): Promise<void> {
    await this.storing?.catch(() => undefined);
    if (!this.stored) return this.finish(end);
    await this.rows.finish(this.command.id, end);
    this.note.settled();
  }

  private async insert(): Promise<void> {
    try {
      // Somebody who took this process for dead may have written it already.
      await this.rows.insert(this.command);
      this.stored = true;
      this.note.settled();
    } catch (error) {
      this.storing = undefined;
      throw error;
    }
  }

  /** If it is its end that cannot be stored, at least what was asked is. */
  private async refused(error: unknown): Promise<never> {
    if (asFault(error).code === 'bad-value') await this.store();
    throw error;
  }
}
