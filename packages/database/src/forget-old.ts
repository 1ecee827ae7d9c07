import type { Database, Statement } from './database.js';

/** Few enough not to be noticed by anybody. */
const atOnce = 5_000;

/**
 * Deletes what is too old, some thousand rows a commit.
 * @param statement is given the days and how many rows to delete at most, and returns a row for each that it deleted
 * @param keepDays 0: all are kept
 * @returns how many there were
 */
export async function forgetOld(database: Pick<Database, 'run'>, statement: Statement, keepDays: number): Promise<number> {
  let forgotten = 0;
  for (let last = atOnce; keepDays > 0 && last === atOnce; forgotten += last) {
    last = (await database.run(statement, [keepDays, atOnce])).length;
  }
  return forgotten;
}
