import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { proposePassword, putStation, settlePassword, stationChanged, type SettlePassword } from '@ohmnibus/contracts';
import { Presence } from '@ohmnibus/presence';
import { eventually } from '@ohmnibus/testkit';
import { verifierName } from '../admit-station/verifier.js';
import { acme } from '../session-fixture.js';
import { asker, kit, useSession } from '../running-session-fixture.js';

const admitted = { verdict: 'admitted' };
const wrong = { verdict: 'unauthenticated', reason: 'wrong password' };
const old = 'the old password';

let presence: Presence;
let made = 0;

afterAll(() => presence.close());
useSession();
beforeAll(async () => {
  presence = await Presence.connect({ url: kit.redisUrl });
});

async function station(password: string | null = old): Promise<string> {
  const id = `CS-${++made}`;
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, password });
  return id;
}

/** Proposes a new password; the rotation is open for as long as the test says. */
async function propose(id: string, password: string, openMs = 0): Promise<string> {
  const rotation = randomUUID();
  await asker.bus.ask(proposePassword, {}, { ...acme(id), id: rotation, password, openUntil: new Date(Date.now() + openMs).toISOString() });
  return rotation;
}

const settle = (id: string, rotation: string, outcome: SettlePassword['outcome']) => asker.bus.ask(settlePassword, {}, { ...acme(id), id: rotation, outcome });
const pending = async (id: string) => (await asker.database.prisma.pendingPassword.findMany({ where: { station: id } })).length;

describe('while a new password is on its way', () => {
  test('both are right, as often as they come', async () => {
    const id = await station();
    await propose(id, 'the new password', 60_000);
    expect(await asker.admit(id, old)).toMatchObject(admitted);
    expect(await asker.admit(id, old)).toMatchObject(admitted);
    expect(await asker.admit(id, 'the new password')).toMatchObject(admitted);
    expect(await asker.admit(id, 'no password of its')).toEqual(wrong);
  });

  test('another one has to wait, and the station has to be known', async () => {
    const id = await station();
    await propose(id, 'the new password', 60_000);
    await expect(propose(id, 'a newer password')).rejects.toMatchObject({ code: 'conflict' });
    await expect(propose('nobody', 'a new password')).rejects.toMatchObject({ code: 'not-found' });
    const outcomes = await Promise.allSettled([1, 2, 3].map(async () => propose(await station(), 'x'.repeat(16), 60_000)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    const other = await station();
    const racing = await Promise.allSettled([1, 2, 3].map(() => propose(other, 'x'.repeat(16), 60_000)));
    expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('none is stored as it is', async () => {
    const id = await station();
    await propose(id, 'the new password', 60_000);
    expect(JSON.stringify(await asker.database.prisma.pendingPassword.findMany({ where: { station: id } }))).not.toContain('the new password');
  });
});

describe('once the station', () => {
  test('has taken it, the old one is wrong, and gateways are told to forget', async () => {
    const id = await station();
    const told: unknown[] = [];
    asker.bus.listen(stationChanged, {}, (change) => void told.push(change.station));
    await asker.bus.connection.flush();
    const rotation = await propose(id, 'the new password');
    expect(await settle(id, rotation, 'taken')).toEqual({ settled: true });
    expect(await asker.admit(id, old)).toEqual(wrong);
    expect(await asker.admit(id, 'the new password')).toMatchObject(admitted);
    await eventually('gateways are told', () => told.includes(id));
    expect(await settle(id, rotation, 'taken')).toEqual({ settled: false });
  });

  test('has refused it, it is wrong', async () => {
    const id = await station();
    await settle(id, await propose(id, 'the new password'), 'refused');
    expect(await asker.admit(id, 'the new password')).toEqual(wrong);
    expect(await asker.admit(id, old)).toMatchObject(admitted);
  });

  test('connects with it, that settles it, however long nobody knew', async () => {
    const id = await station();
    const rotation = await propose(id, 'the new password', 60_000);
    await settle(id, rotation, 'unknown');
    expect(await asker.admit(id, old)).toMatchObject(admitted);
    expect(await asker.admit(id, 'the new password')).toMatchObject(admitted);
    expect(await asker.admit(id, old)).toEqual(wrong);
    expect(await pending(id)).toBe(0);
    expect(await settle(id, rotation, 'taken')).toEqual({ settled: false });
    expect(await asker.admit(id, 'the new password')).toMatchObject(admitted);
  });
});

test('of several whose outcome nobody knows each is right, until one is used: then only newer ones are', async () => {
  const id = await station();
  for (const password of ['password number 1', 'password number 2', 'password number 3']) await settle(id, await propose(id, password), 'unknown');
  expect(await asker.admit(id, 'password number 2')).toMatchObject(admitted);
  expect(await asker.admit(id, old)).toEqual(wrong);
  expect(await asker.admit(id, 'password number 1')).toEqual(wrong);
  expect(await asker.admit(id, 'password number 2')).toMatchObject(admitted);
  expect(await asker.admit(id, 'password number 3')).toMatchObject(admitted);
  expect(await asker.admit(id, 'password number 2')).toEqual(wrong);
});

test('only so many may be unknown, and what an operator sets ends them all', async () => {
  const id = await station();
  for (const n of [1, 2, 3, 4]) await settle(id, await propose(id, `password number ${n}`), 'unknown');
  await expect(propose(id, 'password number 5')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not known') });
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, password: 'set by an operator' });
  expect(await asker.admit(id, 'password number 4')).toEqual(wrong);
  expect(await asker.admit(id, old)).toEqual(wrong);
  expect(await asker.admit(id, 'set by an operator')).toMatchObject(admitted);
  expect(await pending(id)).toBe(0);
});

test('a station that goes on connecting with the password that it has may always be given another one', async () => {
  const id = await station();
  for (const n of [1, 2, 3, 4]) await settle(id, await propose(id, `password number ${n}`), 'unknown');
  await asker.report('connected', id, 1, { at: new Date() });
  await propose(id, 'password number 5');
  expect(await pending(id)).toBe(4);
  expect(await asker.admit(id, 'password number 1')).toEqual(wrong);
  expect(await asker.admit(id, old)).toMatchObject(admitted);
  expect(await asker.admit(id, 'password number 2')).toMatchObject(admitted);
  expect(await asker.admit(id, 'password number 5')).toMatchObject(admitted);
});

test('of two that are taken at once the newer one stays, whichever comes first', async () => {
  const id = await station();
  const older = await propose(id, 'the older password');
  await settle(id, older, 'unknown');
  const newer = await propose(id, 'the newer password');
  const row = await asker.database.prisma.$transaction(async (held) => {
    await held.$queryRaw`SELECT 1 FROM station WHERE id = ${id} FOR UPDATE`;
    const first = settle(id, newer, 'taken');
    await eventually('the newer one waits', () => waiting(1));
    const second = settle(id, older, 'taken');
    await eventually('the older one waits', () => waiting(2));
    return { first, second };
  }, { timeout: 60_000 });
  expect(await Promise.all([row.first, row.second])).toEqual([{ settled: true }, { settled: false }]);
  expect(await asker.admit(id, 'the newer password')).toMatchObject(admitted);
  expect(await asker.admit(id, 'the older password')).toEqual(wrong);
});

async function waiting(statements: number): Promise<boolean> {
  const [row] = await asker.database.run<[number]>({ name: 'waiting', text: `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'` }, []);
  return row?.[0] === statements;
}

test('the first password of a station is asked for once it has it', async () => {
  const id = await station(null);
  const key = randomBytes(20);
  await propose(id, key.toString('hex'), 60_000);
  expect(await asker.admit(id)).toMatchObject(admitted);
  expect(await asker.admit(id, key)).toMatchObject(admitted);
  expect(await asker.admit(id)).toEqual({ verdict: 'unauthenticated', reason: 'no password given' });
  expect(await asker.admit(id, key.toString('hex').toUpperCase())).toMatchObject(admitted);
});

test('what a station comes with is recognised without a slow check, pending passwords or not', async () => {
  const id = await station();
  expect(await asker.admit(id, old)).toMatchObject(admitted);
  await propose(id, 'the new password', 60_000);
  // Nothing can be checked slowly any more: whoever is admitted was recognised.
  await asker.database.prisma.pendingPassword.updateMany({ where: { station: id }, data: { passwordHash: '$scrypt$v=2$not of this build' } });
  const verifier = (await presence.verifiers.get([verifierName(acme(id))]))[0];
  for (let i = 0; i < 3; i++) expect(await asker.admit(id, old)).toMatchObject(admitted);
  expect((await presence.verifiers.get([verifierName(acme(id))]))[0]).toBe(verifier);
});
