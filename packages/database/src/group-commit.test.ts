import { describe, expect, test } from '@jest/globals';
import { Fault } from '@ohmnibus/domain';
import { databaseFault } from './database.js';
import { collapse, GroupCommit, type GroupCommitOptions } from './group-commit.js';

/** A store that commits when the test says so, and refuses rows below zero as a database refuses a value. */
class Store {
  readonly batches: number[][] = [];
  readonly commits: { rows: number; failed: boolean }[] = [];
  private readonly open: { settle: () => void }[] = [];
  inFlight = 0;
  mostInFlight = 0;
  away = false;

  constructor(private readonly held = false) {}

  group(options: Partial<GroupCommitOptions<number, string>> = {}): GroupCommit<number, string> {
    return new GroupCommit({ name: 'test', write: (rows) => this.write(rows), onCommit: ({ rows, failed }) => this.commits.push({ rows, failed }), ...options });
  }

  private async write(rows: readonly number[]): Promise<string[]> {
    this.batches.push([...rows]);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await new Promise<void>((resolve) => {
      if (this.held) this.open.push({ settle: resolve });
      else setImmediate(resolve);
    });
    this.inFlight--;
    if (this.away) throw new Fault('unavailable', 'the connection is lost');
    const poison = rows.find((row) => row < 0);
    if (poison !== undefined) throw new Fault('bad-value', `${poison} does not fit`);
    return rows.map((row) => `stored ${row}`);
  }

  /** Ends the oldest commit that is under way, and lets what follows from it happen. */
  async commit(): Promise<void> {
    this.open.shift()?.settle();
    await turn();
  }
}

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
/** What is done at the end of this turn is done, and what that leads to at the end of the next one. */
const turn = async () => {
  for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a group commit', () => {
  test('takes the rows of one turn in one commit, and answers each in its place', async () => {
    const store = new Store();
    const group = store.group();
    expect(await Promise.all(numbers(100).map((n) => group.add(n)))).toEqual(numbers(100).map((n) => `stored ${n}`));
    expect(store.batches).toEqual([numbers(100)]);
  });

  test('commits a lonely row at the end of its turn', async () => {
    const store = new Store(true);
    const group = store.group();
    void group.add(1);
    expect(store.batches).toEqual([]);
    await turn();
    expect(store.batches).toEqual([[1]]);
    await store.commit();
    await group.drain();
  });

  test('begins at once after a pause, and then at most once in a window, unless a commit is full', async () => {
    const begun: number[] = [];
    const write = (rows: readonly number[]) => {
      begun.push(performance.now());
      return Promise.resolve(rows.map(String));
    };
    const group = new GroupCommit({ name: 'test', windowMs: 200, maxRows: 3, write });
    await group.add(1);
    await Promise.all([group.add(2), group.add(3)]);
    expect(begun).toHaveLength(2);
    expect(begun[1]! - begun[0]!).toBeGreaterThan(150);
    const full = performance.now();
    await Promise.all([group.add(4), group.add(5), group.add(6)]);
    expect(begun[2]! - full).toBeLessThan(150);
  });

  test('has so many commits under way at most; what comes meanwhile forms the next one', async () => {
    const store = new Store(true);
    const group = store.group({ maxInFlight: 2 });
    const answers: Promise<string>[] = [];
    for (const n of numbers(6)) {
      answers.push(group.add(n));
      await turn();
    }
    expect(store.batches).toEqual([[0], [1]]);
    expect(group.depth).toBe(4);
    await store.commit();
    expect(store.batches).toEqual([[0], [1], [2, 3, 4, 5]]);
    await store.commit();
    await store.commit();
    expect(await Promise.all(answers)).toEqual(numbers(6).map((n) => `stored ${n}`));
    expect(store.mostInFlight).toBe(2);
  });

  test('takes so many rows at a time at most', async () => {
    const store = new Store();
    const group = store.group({ maxRows: 30 });
    expect(await Promise.all(numbers(100).map((n) => group.add(n)))).toEqual(numbers(100).map((n) => `stored ${n}`));
    expect(store.batches.map(({ length }) => length)).toEqual([30, 30, 30, 10]);
  });

  test('fails a row that the database will not have alone, wherever it is, and stores its neighbours', async () => {
    for (const poisoned of [[0], [13], [99], [4, 5], [0, 50, 99], numbers(100)]) {
      const store = new Store();
      const group = store.group();
      const settled = await Promise.allSettled(numbers(100).map((n) => group.add(poisoned.includes(n) ? -n - 1 : n)));
      const failed = settled.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
      expect(failed).toEqual(poisoned);
      for (const [n, outcome] of settled.entries()) {
        if (outcome.status === 'fulfilled') expect(outcome.value).toBe(`stored ${n}`);
        else expect(outcome.reason).toMatchObject({ code: 'bad-value', message: `${-n - 1} does not fit` });
      }
    }
  });

  test('fails all rows of a batch where the database is away, and works again when it is back', async () => {
    const store = new Store();
    const group = store.group();
    store.away = true;
    const settled = await Promise.allSettled(numbers(10).map((n) => group.add(n)));
    for (const outcome of settled) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(store.batches).toHaveLength(1);
    store.away = false;
    expect(await group.add(1)).toBe('stored 1');
  });

  test('takes an error that is no fault for a defect, not for the data’s fault', async () => {
    let writes = 0;
    const group = new GroupCommit<number, string>({
      name: 'test',
      write: () => {
        writes++;
        throw new TypeError('x is not a function');
      },
    });
    const settled = await Promise.allSettled([group.add(1), group.add(2)]);
    for (const outcome of settled) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
    expect(writes).toBe(1);
  });

  test('refuses what is more than may wait, and takes rows again later', async () => {
    const store = new Store(true);
    const group = store.group({ maxWaiting: 3, maxInFlight: 1 });
    const first = group.add(0);
    await turn();
    const waiting = [1, 2, 3].map((n) => group.add(n));
    await expect(group.add(4)).rejects.toMatchObject({ code: 'overloaded' });
    await store.commit();
    const later = group.add(5);
    await store.commit();
    await store.commit();
    expect(await Promise.all([first, ...waiting, later])).toEqual([0, 1, 2, 3, 5].map((n) => `stored ${n}`));
  });

  test('is drained when everything is settled, also what failed, and at once when there is nothing', async () => {
    const store = new Store(true);
    const group = store.group({ maxRows: 1 });
    await group.drain();
    const rows = Promise.allSettled([group.add(1), group.add(-1), group.add(2)]);
    let drained = false;
    const drain = group.drain().then(() => (drained = true));
    await turn();
    await store.commit();
    await store.commit();
    expect(drained).toBe(false);
    await store.commit();
    await drain;
    expect((await rows).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(group.depth).toBe(0);
  });

  test('tells of each commit: its rows, and whether it failed', async () => {
    const store = new Store();
    const group = store.group();
    await Promise.allSettled([group.add(1), group.add(-1)]);
    await group.drain();
    expect(store.commits.toSorted((a, b) => a.rows - b.rows)).toEqual([{ rows: 1, failed: false }, { rows: 1, failed: true }, { rows: 2, failed: true }]);
  });
});

describe('rows of equal key', () => {
  const row = (key: string, n: number) => ({ key, n });

  test('are one, the newest, in the order of keys; and each input row knows where it went', () => {
    const rows = [row('b', 1), row('a', 5), row('b', 3), row('b', 2), row('a', 4)];
    const collapsed = collapse(rows, ({ key }) => key, (a, b) => a.n > b.n);
    expect(collapsed.rows).toEqual([row('a', 5), row('b', 3)]);
    expect(collapsed.place).toEqual([1, 0, 1, 1, 0]);
  });

  test('of which none is newer are the first', () => {
    expect(collapse([row('a', 1), row('a', 1)], ({ key }) => key, (a, b) => a.n > b.n).rows[0]).toBeDefined();
    const [first] = collapse([{ key: 'a', first: true }, { key: 'a', first: false }], ({ key }) => key, () => false).rows;
    expect(first).toMatchObject({ first: true });
  });

  test('may be none', () => {
    expect(collapse([], String, () => true)).toEqual({ rows: [], place: [] });
  });
});

describe('an error of Postgres', () => {
  test.each([
    ['22003', 'bad-value', 'a number out of range'],
    ['22P02', 'bad-value', 'a text that is no number'],
    ['22021', 'bad-value', 'a NUL in a text'],
    ['23505', 'bad-value', 'a unique key taken'],
    ['23502', 'bad-value', 'a null where none may be'],
    ['54000', 'bad-value', 'a row too long for an index'],
    ['42601', 'internal', 'a syntax error'],
    ['42P01', 'internal', 'a table that is not there'],
    ['XX000', 'internal', 'a defect of Postgres'],
    ['40P01', 'unavailable', 'a deadlock'],
    ['40001', 'unavailable', 'a failed serialization'],
    ['53300', 'unavailable', 'too many connections'],
    ['57014', 'unavailable', 'a statement that took too long'],
    ['57P01', 'unavailable', 'a server that stops'],
    ['55P03', 'unavailable', 'a lock that is taken'],
  ])('%s is %s: %s', (code, fault) => {
    const error = Object.assign(new Error('message of Postgres'), { code });
    expect(databaseFault(error)).toMatchObject({ code: fault, details: { sqlState: code }, cause: error });
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', undefined, 7])('that is one of the connection, %s, passes and names no state', (code) => {
    const fault = databaseFault(Object.assign(new Error('gone'), { code }));
    expect(fault.code).toBe('unavailable');
    expect(fault.details).toEqual({});
  });

  test('may be no error at all', () => {
    expect(databaseFault('text')).toMatchObject({ code: 'unavailable' });
  });
});
