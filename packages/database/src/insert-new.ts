import { Fault } from '@ohmnibus/domain';
import type { Database, Statement } from './database.js';

const uniqueViolation = '23505';
/** Stations repeat themselves together, such as after an outage. */
const cautiousMs = 10_000;

/**
 * A statement whose rows are nearly always new. `ON CONFLICT` looks each row up before it inserts it, which is a fifth of the cost.
 * So rows are first taken to be new, and their unique key refuses the whole statement where one is not; then, and for a while, they are looked up.
 */
export class InsertNew {
  private readonly bold: Statement;
  private readonly cautious: Statement;
  private cautiousUntil = -Infinity;

  /**
   * @param text the statement, with what it is given in the place of `ON CONFLICT ...`
   * @param known what is to be done about rows that are there already
   */
  constructor(
    private readonly database: Pick<Database, 'run'>,
    name: string,
    text: (onConflict: string) => string,
    known = 'ON CONFLICT DO NOTHING',
  ) {
    this.bold = { name: `${name}-new`, text: text('') };
    this.cautious = { name, text: text(known) };
  }

  /** As `Database.run`: either way it is one commit, and rows that are there already are passed over, or what else is to be done about them. */
  async run<Row extends unknown[]>(values: readonly unknown[]): Promise<Row[]> {
    if (performance.now() >= this.cautiousUntil) {
      try {
        return await this.database.run<Row>(this.bold, values);
      } catch (error) {
        if (!(error instanceof Fault) || error.details['sqlState'] !== uniqueViolation) throw error;
        this.cautiousUntil = performance.now() + cautiousMs;
      }
    }
    return this.database.run<Row>(this.cautious, values);
  }
}
