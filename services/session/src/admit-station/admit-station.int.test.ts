import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Presence } from '@ohmnibus/presence';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, acme, settingsFor, startedSession } from '../session-fixture.js';
import { hashPassword } from './password-hash.js';
import { admissionKey, verifierFor, verifierName } from './verifier.js';

const cheap = { ln: 4, r: 8, p: 1 };
const wrong = { verdict: 'unauthenticated', reason: 'wrong password' };
/** The slow check cannot read it: whoever is admitted with it was recognised without. */
const unreadableHash = '$scrypt$v=2$not of this build';

let kit: Testkit;
let session: RunningParts;
let asker: Asker;
let presence: Presence;
let key: ReturnType<typeof admissionKey>;

beforeAll(async () => {
  kit = await openTestkit();
  key = admissionKey(settingsFor(kit).ADMISSION_SECRET);
  [session, asker, presence] = await Promise.all([
    startedSession(kit, { PASSWORD_CHECKS_AT_ONCE: '1', PASSWORD_CHECKS_WAITING: '1' }),
    Asker.open(kit),
    Presence.connect({ url: kit.redisUrl }),
  ]);
});
afterAll(async () => {
  await Promise.all([asker.close(), presence.close()]);
  await session.stop();
  await kit.close();
});

async function make(station: string, password: string, passwordHash?: string): Promise<string> {
  const hash = passwordHash ?? (await hashPassword(Buffer.from(password), cheap));
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id: station, passwordHash: hash } });
  return hash;
}

async function verifierOf(station: string): Promise<string | null> {
  return (await presence.verifiers.get([verifierName(acme(station))]))[0]!;
}

describe('a station at the door', () => {
  test('is unknown if nobody has entered it, or not in this tenant', async () => {
    await asker.database.prisma.station.create({ data: { tenant: 'other', id: 'elsewhere' } });
    expect(await asker.admit('nobody')).toEqual({ verdict: 'unknown' });
    expect(await asker.admit('elsewhere', 'whatever')).toEqual({ verdict: 'unknown' });
  });

  test('needs no password if none is stored, whatever it says', async () => {
    await asker.make('open');
    expect(await asker.admit('open')).toMatchObject({ verdict: 'admitted' });
    expect(await asker.admit('open', 'a password', 'somebody')).toMatchObject({ verdict: 'admitted' });
  });

  test('needs its password and its own name', async () => {
    await make('closed', 'a password');
    expect(await asker.admit('closed')).toEqual({ verdict: 'unauthenticated', reason: 'no password given' });
    expect(await asker.admit('closed', 'a password', 'CLOSED')).toEqual({ verdict: 'unauthenticated', reason: 'the user name is not the station id' });
    expect(await asker.admit('closed', 'A password')).toEqual(wrong);
    expect(await asker.admit('closed', '')).toEqual(wrong);
    expect(await asker.admit('closed', 'a password')).toMatchObject({ verdict: 'admitted' });
  });

  test('may send a hex key as its bytes or its digits, first and ever after', async () => {
    const hex = '00ff3a80c3284f4a4b4c4d4e4f50515253545556';
    await make('hex', hex);
    for (const password of [Buffer.from(hex, 'hex'), Buffer.from(hex), Buffer.from(hex.toUpperCase()), Buffer.from(hex, 'hex')]) {
      expect(await asker.admit('hex', password)).toMatchObject({ verdict: 'admitted' });
    }
    expect(await asker.admit('hex', Buffer.from(Buffer.from(hex, 'hex').toString()))).toEqual(wrong);
  });

  test('whose name cannot be stored is unknown, and the others of its turn are answered', async () => {
    await asker.make('neighbour');
    expect(await Promise.all([asker.admit('neighbour'), asker.admit('bad\0name'), asker.admit('nobody')])).toMatchObject([
      { verdict: 'admitted' },
      { verdict: 'unknown' },
      { verdict: 'unknown' },
    ]);
  });

  test('is answered in its place among many', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `many-${i}`);
    await asker.make(...names.filter((_, i) => i % 3 === 0));
    const verdicts = await Promise.all(names.map((name) => asker.admit(name)));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(names.map((_, i) => (i % 3 === 0 ? 'admitted' : 'unknown')));
  });
});

describe('a password that was right once', () => {
  test('is recognised without the slow check', async () => {
    await make('fast', '', unreadableHash);
    await expect(asker.admit('fast', 'a password')).rejects.toMatchObject({ code: 'internal' });
    const verified = { ...acme('fast'), passwordHash: unreadableHash, password: Buffer.from('a password') };
    await presence.verifiers.set(verifierName(verified), verifierFor(key, verified), 60);
    expect(await asker.admit('fast', 'a password')).toMatchObject({ verdict: 'admitted' });
    expect(await asker.admit('fast', 'b password')).toEqual(wrong);
  });

  test('leaves a verifier that a wrong one does not', async () => {
    const passwordHash = await make('slow', 'a password');
    await asker.admit('slow', 'b password');
    expect(await verifierOf('slow')).toBeNull();
    await asker.admit('slow', 'a password');
    expect(await verifierOf('slow')).toBe(verifierFor(key, { ...acme('slow'), passwordHash, password: Buffer.from('a password') }));
  });

  test('is worthless once another is stored, even if its verifier stays', async () => {
    await make('changed', 'a password');
    expect(await asker.admit('changed', 'a password')).toMatchObject({ verdict: 'admitted' });
    const passwordHash = await hashPassword(Buffer.from('b password'), cheap);
    await asker.database.prisma.station.updateMany({ where: { id: 'changed' }, data: { passwordHash } });
    expect(await verifierOf('changed')).not.toBeNull();
    expect(await asker.admit('changed', 'a password')).toEqual(wrong);
    expect(await asker.admit('changed', 'b password')).toMatchObject({ verdict: 'admitted' });
  });
});

test('checks that would wait too long are refused as overload, to be tried again', async () => {
  const slow = await hashPassword(Buffer.from('a password'));
  await Promise.all(['load-1', 'load-2', 'load-3', 'load-4'].map((station) => make(station, '', slow)));
  const outcomes = await Promise.allSettled(['load-1', 'load-2', 'load-3', 'load-4'].map((station) => asker.admit(station, 'a password')));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'overloaded' } }, { reason: { code: 'overloaded' } }]);
});

test('without Redis every check is slow, and right', async () => {
  await make('redisless', 'a password');
  await asker.admit('redisless', 'a password');
  await kit.redis!.stop();
  try {
    expect(await asker.admit('redisless', 'a password')).toMatchObject({ verdict: 'admitted' });
    expect(await asker.admit('redisless', 'b password')).toEqual(wrong);
  } finally {
    await kit.redis!.start();
  }
  await eventually('the service is ready again', async () => session.checks['redis']!()?.then(() => true));
});
