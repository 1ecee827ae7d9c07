import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Database, GroupCommit } from '@ohmnibus/database';
import type { ConnectionReport } from '@ohmnibus/contracts';
import { connection, recordConnections } from '../session-fixture.js';
import { asker, kit, useSession } from '../running-session-fixture.js';
import { newerConnection } from './connection-steps.js';

let other: Database;

afterAll(() => other.close());
useSession();
beforeAll(() => {
  other = new Database({ url: kit.databaseUrl, name: 'other', poolSize: 4 });
});

const told = async (station: string) => (await asker.events(station)).map(({ type, body }) => `${type.slice(8)} ${String(body['epoch'])}`);
const rowOf = async (station: string) => {
  const row = await asker.database.prisma.station.findFirstOrThrow({ where: { id: station } });
  return { online: row.online, epoch: Number(row.epoch), pod: row.pod, connectedAt: row.connectedAt?.getUTCSeconds(), disconnectedAt: row.disconnectedAt?.getUTCSeconds() };
};

describe('the online state', () => {
  test('follows a connection that comes and goes', async () => {
    await asker.make('plain');
    await asker.report('connected', 'plain', 3);
    expect(await rowOf('plain')).toEqual({ online: true, epoch: 3, pod: 'pod-3', connectedAt: 3 });
    expect(await asker.station('plain')).toMatchObject({ protocol: 'v16', remoteAddress: '192.0.2.7' });
    await asker.report('disconnected', 'plain', 3);
    expect(await rowOf('plain')).toEqual({ online: false, epoch: 3, pod: null, connectedAt: 3, disconnectedAt: 3 });
    expect(await told('plain')).toEqual(['connected 3', 'disconnected 3']);
  });

  test('is not changed by the late end of an older connection', async () => {
    await asker.make('late');
    await asker.report('connected', 'late', 3);
    await asker.report('connected', 'late', 4);
    await asker.report('disconnected', 'late', 3);
    expect(await rowOf('late')).toEqual({ online: true, epoch: 4, pod: 'pod-4', connectedAt: 4 });
    expect(await told('late')).toEqual(['connected 3', 'connected 4']);
  });

  test('is not changed by a repetition', async () => {
    await asker.make('again');
    for (const phase of ['connected', 'connected', 'disconnected', 'disconnected', 'connected'] as const) await asker.report(phase, 'again', 3);
    expect(await rowOf('again')).toMatchObject({ online: false, epoch: 3 });
    expect(await told('again')).toEqual(['connected 3', 'disconnected 3']);
  });

  test('stays offline when the beginning of an ended connection arrives after its end', async () => {
    await asker.make('reversed');
    await asker.report('disconnected', 'reversed', 3);
    await asker.report('connected', 'reversed', 3);
    expect(await rowOf('reversed')).toMatchObject({ online: false, epoch: 3 });
    expect(await told('reversed')).toEqual(['disconnected 3']);
  });

  test('takes a whole sequence in one commit, with each of its events', async () => {
    await asker.make('batch', 'bystander');
    const reports = [connection('connected', 'batch', 1), connection('disconnected', 'batch', 1), connection('connected', 'bystander', 9), connection('connected', 'batch', 2)];
    await recordConnections(other, [...reports, connection('disconnected', 'batch', 2), connection('connected', 'nobody', 5)]);
    expect(await rowOf('batch')).toEqual({ online: false, epoch: 2, pod: null, connectedAt: 2, disconnectedAt: 2 });
    expect(await told('batch')).toEqual(['connected 1', 'disconnected 1', 'connected 2', 'disconnected 2']);
    expect(await told('nobody')).toEqual([]);
    expect(await rowOf('bystander')).toMatchObject({ online: true, epoch: 9 });
  });
});

test('a report that cannot be stored fails alone', async () => {
  await asker.make('healthy');
  const outcomes = await Promise.allSettled([asker.report('connected', 'healthy', 2), asker.report('connected', 'healthy', 3, { pod: 'bad\0pod' })]);
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'bad-value' } }]);
  expect(await rowOf('healthy')).toMatchObject({ online: true, epoch: 2 });
});

test('two processes that get the same reports in any order and any batches agree, and tell each change at most once', async () => {
  const stations = Array.from({ length: 12 }, (_, i) => `race-${i}`);
  await asker.make(...stations);
  const reports: ConnectionReport[] = stations.flatMap((station) =>
    [1, 2, 3, 4, 5].flatMap((epoch) => (['connected', 'disconnected'] as const).filter((phase) => phase === 'connected' || epoch < 5).map((phase) => connection(phase, station, epoch))),
  );
  const commits = [asker.database, other].map((database) => {
    const write = async (rows: readonly ConnectionReport[]) => {
      await recordConnections(database, rows);
      return rows;
    };
    return new GroupCommit({ name: 'race', write, maxRows: 7 });
  });
  // A fixed shuffle: a failure can be repeated.
  const shuffled = (seed: number) => reports.map((report, i) => ({ report, order: Math.sin((i + 1) * seed) })).toSorted((a, b) => a.order - b.order).map(({ report }) => report);
  await Promise.all(commits.flatMap((commit, i) => shuffled(i + 1.5).map((report) => commit.add(report))));
  const newest = (station: string) => reports.filter((report) => report.station === station).reduce((known, report) => (newerConnection(report, known) ? report : known));
  for (const station of stations) {
    expect(await rowOf(station)).toMatchObject({ online: newest(station).phase === 'connected', epoch: newest(station).epoch });
    const events = await told(station);
    expect(new Set(events).size).toBe(events.length);
    expect(events).toContain('connected 5');
  }
});
