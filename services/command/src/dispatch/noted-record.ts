import { asFault } from '@ohmnibus/domain';
import type { OpenRecord } from './command-records.js';
import type { CommandStore, FinishedCommand, NewCommand } from './command-store.js';

/** Of a command that is noted and, if its end comes soon, written to Postgres once. */
export class NotedRecord implements OpenRecord {
  readonly since = performance.now();
  private storing: Promise<void> | undefined;
  private stored = false;

  constructor(
    private readonly command: NewCommand,
    private readonly rows: Pick<CommandStore, 'insert' | 'finish' | 'end'>,
    /** Told, perhaps more than once, when the note is needed no longer. */
    private readonly settled: () => void,
  ) {}

  store(): Promise<void> {
    return (this.storing ??= this.insert());
  }

  async finish(end: Pick<FinishedCommand, 'state' | 'result' | 'at'>): Promise<void> {
    await this.storing?.catch(() => undefined);
    await (this.stored ? this.rows.finish({ id: this.command.id, ...end }) : this.end(end));
    this.settled();
  }

  private async insert(): Promise<void> {
    try {
      // Somebody who took this process for dead may have written it already.
      await this.rows.insert(this.command);
      this.stored = true;
      this.settled();
    } catch (error) {
      this.storing = undefined;
      throw error;
    }
  }

  private async end(end: Pick<FinishedCommand, 'state' | 'result' | 'at'>): Promise<void> {
    try {
      await this.rows.end({ ...this.command, ...end });
    } catch (error) {
      // If it is its end that cannot be stored, at least what was asked is.
      if (asFault(error).code === 'bad-value') await this.store();
      throw error;
    }
  }
}
