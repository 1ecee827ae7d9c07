import type { Clock } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';

/** Without a word that it changed, what is remembered is read again after so long: a word may be lost. */
const rereadMs = 30_000;

/**
 * Something small that many questions need, such as the settings of all tenants: read once, and again after a change. While it cannot be
 * read, what was read before serves.
 */
export class Remembered<T> {
  private known: { readonly value: T; readonly at: number } | undefined;
  private reading: Promise<T> | undefined;
  private changes = 0;

  constructor(
    private readonly name: string,
    private readonly read: () => Promise<T>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects with a Fault only as long as it was never read. */
  async get(): Promise<T> {
    const { known } = this;
    if (known && this.clock.now().getTime() - known.at < rereadMs) return known.value;
    return (this.reading ??= this.readAgain(this.changes).finally(() => (this.reading = undefined)));
  }

  /** It has changed. */
  forget(): void {
    this.changes++;
    // What is under way may have been read before the change.
    this.reading = undefined;
    if (this.known) this.known = { value: this.known.value, at: -Infinity };
  }

  private async readAgain(changes: number): Promise<T> {
    try {
      const value = await this.read();
      this.known = { value, at: changes === this.changes ? this.clock.now().getTime() : -Infinity };
      return value;
    } catch (error) {
      if (!this.known) throw error;
      this.log.warn('not-read-again', { what: this.name, error });
      this.known = { value: this.known.value, at: this.clock.now().getTime() };
      return this.known.value;
    }
  }
}
