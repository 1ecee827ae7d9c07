import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database, GroupCommit } from '@ohmnibus/database';
import type { StatusReport } from '@ohmnibus/domain';
import { waitingEvents } from '@ohmnibus/testkit';
import { frameOf } from '../session-fixture.js';
import { asker, kit, useStores } from '../stores-fixture.js';
import { StatusStore } from './status-store.js';

let other: Database;
let store: StatusStore;

afterAll(() => other.close());
useStores();
beforeAll(() => {
  other = new Database({ url: kit.databaseUrl, name: 'other' });
  store = new StatusStore(asker.database);
});

type Word = 'Available' | 'Preparing' | 'Charging' | 'Faulted';
const report = (station: string, frame: number, reported: Word, more: Partial<StatusReport> & { epoch?: number; id?: number } = {}): StatusReport => {
  const { epoch = 1, id = 1, ...rest } = more;
  const status = reported === 'Preparing' || reported === 'Charging' ? 'Occupied' : reported;
  return { origin: frameOf(station, epoch, frame), evse: { evse: id, connector: 1 }, status, reported, errorCode: 'NoError', ...rest };
};
const told = async (station: string) => (await asker.events(station)).map(({ body }) => `${String(body['evse'])} ${String(body['reported'])}`);
const history = (station: string) => asker.database.prisma.statusReport.count({ where: { station } });
const stateOf = (station: string, evse = 1): Promise<object | null> =>
  asker.database.prisma.connector.findUnique({ where: { tenant_station_evse_connector: { tenant: 'acme', station, evse, connector: 1 } } });

test('a report is kept, becomes the state of its connector, and is told', async () => {
  const at = new Date('2026-03-01T12:00:00Z');
  await store.record([report('plain', 1, 'Available')]);
  await store.record([report('plain', 2, 'Faulted', { errorCode: 'GroundFailure', vendorId: 'v', vendorErrorCode: 'E1', info: 'i', at })]);
  expect(await stateOf('plain')).toMatchObject({ status: 'Faulted', reported: 'Faulted', errorCode: 'GroundFailure', vendorId: 'v', vendorErrorCode: 'E1', info: 'i', at, epoch: 1n, frame: 2n });
  expect(await history('plain')).toBe(2);
  expect((await asker.events('plain'))[1]).toMatchObject({
    type: 'connector.status-changed',
    body: { evse: 1, connector: 1, status: 'Faulted', reported: 'Faulted', errorCode: 'GroundFailure' },
  });
});

test('a report that arrives late is kept and changes no state, be it from an older frame or an older connection', async () => {
  await store.record([report('late', 5, 'Charging', { epoch: 2 })]);
  await store.record([report('late', 4, 'Preparing', { epoch: 2 })]);
  await store.record([report('late', 9, 'Available', { epoch: 1 })]);
  expect(await stateOf('late')).toMatchObject({ reported: 'Charging', epoch: 2n, frame: 5n });
  expect(await history('late')).toBe(3);
  expect(await told('late')).toEqual(['1 Charging']);
});

test('a repetition is kept once and told once', async () => {
  await store.record([report('again', 1, 'Charging')]);
  await store.record([report('again', 1, 'Charging'), report('again', 1, 'Charging')]);
  expect(await history('again')).toBe(1);
  expect(await told('again')).toEqual(['1 Charging']);
});

test('a report of the same state is kept and not told, a change of the error alone or of the word alone is', async () => {
  await store.record([report('same', 1, 'Preparing')]);
  await store.record([report('same', 2, 'Preparing', { info: 'still' })]);
  expect(await stateOf('same')).toMatchObject({ info: 'still', frame: 2n });
  await store.record([report('same', 3, 'Preparing', { errorCode: 'WeakSignal' })]);
  await store.record([report('same', 4, 'Charging', { errorCode: 'WeakSignal' })]);
  expect(await history('same')).toBe(4);
  expect(await told('same')).toEqual(['1 Preparing', '1 Preparing', '1 Charging']);
});

test('a report of the same state in the very millisecond of the change is not told again', async () => {
  const receivedAt = new Date();
  const at = (frame: number, word: Word) => ({ ...report('instant', frame, word), origin: { ...frameOf('instant', 1, frame), receivedAt } });
  await store.record([at(1, 'Available')]);
  await store.record([at(2, 'Charging')]);
  await store.record([at(3, 'Charging')]);
  expect(await history('instant')).toBe(3);
  expect(await told('instant')).toEqual(['1 Available', '1 Charging']);
});

test('every change within a batch is told in its order, also one that is taken back', async () => {
  const start = Date.now();
  const at = (frame: number, word: Word) => ({ ...report('brief', frame, word), origin: { ...frameOf('brief', 1, frame), receivedAt: new Date(start + frame) } });
  await store.record([at(1, 'Available')]);
  await store.record([at(4, 'Available'), at(2, 'Faulted'), at(5, 'Available'), at(3, 'Faulted')]);
  expect(await told('brief')).toEqual(['1 Available', '1 Faulted', '1 Available']);
  expect(await stateOf('brief')).toMatchObject({ reported: 'Available', since: new Date(start + 4), receivedAt: new Date(start + 5) });
});

test('a batch keeps all reports and leaves each connector at its newest', async () => {
  await store.record([report('batch', 3, 'Charging'), report('batch', 1, 'Available'), report('batch', 4, 'Faulted', { id: 2 }), report('batch', 2, 'Preparing'), report('batch', 5, 'Available', { id: 0 })]);
  expect(await history('batch')).toBe(5);
  expect(await stateOf('batch')).toMatchObject({ reported: 'Charging', frame: 3n });
  expect((await told('batch')).filter((event) => event.startsWith('1'))).toEqual(['1 Available', '1 Preparing', '1 Charging']);
  expect((await told('batch')).filter((event) => !event.startsWith('1')).toSorted()).toEqual(['0 Available', '2 Faulted']);
});

test('a report by a station whose clock is years off is kept', async () => {
  await store.record([report('wrong-clock', 1, 'Available', { at: new Date('1970-01-01T00:00:00Z') }), { ...report('wrong-clock', 2, 'Charging'), origin: { ...frameOf('wrong-clock', 1, 2), receivedAt: new Date('2001-01-01T00:00:00Z') } }]);
  expect(await history('wrong-clock')).toBe(2);
});

test('a report that cannot be stored fails alone', async () => {
  const commit = new GroupCommit({ name: 'statuses', write: (rows: readonly StatusReport[]) => store.record(rows) });
  const outcomes = await Promise.allSettled([
    commit.add(report('poison', 1, 'Available')),
    commit.add(report('poison', 2, 'Charging', { info: 'a NUL \0 inside' })),
    commit.add(report('poison', 3, 'Preparing', { id: 2 })),
  ]);
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'bad-value' } }, { status: 'fulfilled' }]);
  expect(await history('poison')).toBe(2);
  expect(await stateOf('poison')).toMatchObject({ reported: 'Available' });
});

test('two processes that get the same reports in any order keep each once, agree on the state, and their last word is the state', async () => {
  const words: Word[] = ['Available', 'Preparing', 'Charging', 'Faulted'];
  const stations = Array.from({ length: 8 }, (_, i) => `race-${i}`);
  const reports = stations.flatMap((station) => Array.from({ length: 24 }, (_, i) => report(station, i + 1, words[(i * 7) % 4]!)));
  const commits = [asker.database, other].map((database) => {
    const racing = new StatusStore(database);
    return new GroupCommit({ name: 'race', write: (rows: readonly StatusReport[]) => racing.record(rows), maxRows: 11 });
  });
  // A fixed shuffle: a failure can be repeated.
  const shuffled = (seed: number) => reports.map((one, i) => ({ one, order: Math.sin((i + 1) * seed) })).toSorted((a, b) => a.order - b.order).map(({ one }) => one);
  await Promise.all(commits.flatMap((commit, i) => shuffled(i + 2.5).map((one) => commit.add(one))));
  for (const station of stations) {
    expect(await history(station)).toBe(24);
    expect(await stateOf(station)).toMatchObject({ reported: words[(23 * 7) % 4], frame: 24n });
    const events = await told(station);
    expect(events.at(-1)).toBe(`1 ${words[(23 * 7) % 4]!}`);
    expect(events.some((event, i) => event === events[i - 1])).toBe(false);
  }
});

test('two processes that store the same reports in opposite orders do not wait for each other in a circle', async () => {
  const stores = [store, new StatusStore(other)];
  for (let round = 0; round < 10; round++) {
    const reports = Array.from({ length: 200 }, (_, i) => report(`circle-${i}`, round + 1, 'Charging'));
    await Promise.all([stores[0]!.record(reports), stores[1]!.record(reports.toReversed())]);
  }
  expect(await asker.database.prisma.statusReport.count({ where: { station: { startsWith: 'circle-' } } })).toBe(2000);
  expect((await waitingEvents(asker.database)).filter(({ station }) => station.startsWith('circle-'))).toHaveLength(200);
});
