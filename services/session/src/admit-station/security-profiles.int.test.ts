import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deleteStation, putStation, stationChanged } from '@ohmnibus/contracts';
import type { SecurityProfile } from '@ohmnibus/domain';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, startedSession } from '../session-fixture.js';

const password = 'a long password';
const overTls = { secure: true };

let kit: Testkit;
let session: RunningParts;
let asker: Asker;
let made = 0;

beforeAll(async () => {
  kit = await openTestkit();
  [session, asker] = await Promise.all([startedSession(kit), Asker.open(kit)]);
});
afterAll(async () => {
  await asker.close();
  await session.stop();
  await kit.close();
});

/** A new station. */
async function station(settings: { securityProfile?: SecurityProfile | null; password?: string | null } = {}): Promise<string> {
  const id = `CS-${++made}`;
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, ...settings });
  return id;
}

const profileOf = async (id: string) => ((await asker.station(id)) as { securityProfile: number | null }).securityProfile;
const profileEvents = async (id: string) => (await asker.events(id)).filter(({ type }) => type === 'station.security-profile-changed').map(({ body }) => body);
const forbidden = { verdict: 'forbidden', reason: expect.stringContaining('asks for TLS') };
const admitted = { verdict: 'admitted' };

describe('a station with profile', () => {
  test('0 needs the password that it may have, and nothing else', async () => {
    const [open, closed] = [await station({ securityProfile: 0 }), await station({ securityProfile: 0, password })];
    expect(await asker.admit(open)).toMatchObject(admitted);
    expect(await asker.admit(closed)).toEqual({ verdict: 'unauthenticated', reason: 'no password given' });
    expect(await asker.admit(closed, password)).toMatchObject(admitted);
  });

  test('1 needs a password, even if none is stored', async () => {
    const [bare, closed] = [await station({ securityProfile: 1 }), await station({ securityProfile: 1, password })];
    expect(await asker.admit(bare)).toEqual({ verdict: 'unauthenticated', reason: 'the station\'s security profile 1 asks for a password, and none is stored for it' });
    expect(await asker.admit(bare, password)).toMatchObject({ verdict: 'unauthenticated' });
    expect(await asker.admit(closed)).toMatchObject({ verdict: 'unauthenticated' });
    expect(await asker.admit(closed, password)).toMatchObject(admitted);
  });

  test('2 needs TLS and a password', async () => {
    const id = await station({ securityProfile: 2, password });
    expect(await asker.admit(id, password)).toEqual(forbidden);
    expect(await asker.admit(id, undefined, id, overTls)).toEqual({ verdict: 'unauthenticated', reason: 'no password given' });
    expect(await asker.admit(id, 'another password', id, overTls)).toEqual({ verdict: 'unauthenticated', reason: 'wrong password' });
    expect(await asker.admit(id, password, id, overTls)).toMatchObject(admitted);
  });

  test('3 needs TLS and a certificate, and no password helps', async () => {
    const id = await station({ securityProfile: 3, password });
    expect(await asker.admit(id, password)).toEqual(forbidden);
    const asked = 'the station\'s security profile 3 asks for a client certificate, and ';
    expect(await asker.admit(id, password, id, overTls)).toEqual({ verdict: 'unauthenticated', reason: `${asked}none was given` });
    const certificate = { der: Buffer.from('no certificate'), verdict: 'SUCCESS' };
    expect(await asker.admit(id, password, id, { secure: true, certificate })).toEqual({ verdict: 'unauthenticated', reason: expect.stringContaining(`${asked}what was given is refused (unreadable)`) });
  });
});

describe('the profile', () => {
  test('rises when the station connects with a higher one, and then nothing less is let in', async () => {
    const id = await station({ password });
    const told: unknown[] = [];
    asker.bus.listen(stationChanged, {}, (change) => void told.push(change));
    await asker.bus.connection.flush();
    expect(await asker.admit(id, password)).toMatchObject(admitted);
    expect(await profileOf(id)).toBeNull();
    expect(await asker.admit(id, password, id, overTls)).toMatchObject(admitted);
    expect(await profileOf(id)).toBe(2);
    await eventually('gateways are told to forget', () => told.some((change) => (change as { station: string }).station === id));
    expect(await asker.admit(id, password)).toEqual(forbidden);
    expect(await asker.admit(id, password, id, overTls)).toMatchObject(admitted);
    expect(await profileEvents(id)).toEqual([{ from: null, to: 2, by: 'station' }]);
  });

  test('does not rise when the station fails to prove who it is, or proves nothing', async () => {
    const [closed, open] = [await station({ password }), await station()];
    await asker.admit(closed, 'another password', closed, overTls);
    expect(await asker.admit(open, undefined, open, overTls)).toMatchObject(admitted);
    expect([await profileOf(closed), await profileOf(open)]).toEqual([null, null]);
    expect(await asker.admit(open)).toMatchObject(admitted);
  });

  test('falls only when an operator says so, which is told', async () => {
    const id = await station({ password });
    await asker.admit(id, password, id, overTls);
    await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, password: 'another password' });
    expect(await profileOf(id)).toBe(2);
    await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, securityProfile: 1 });
    expect(await asker.admit(id, 'another password')).toMatchObject(admitted);
    await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, securityProfile: null });
    expect(await profileEvents(id)).toEqual([
      { from: null, to: 2, by: 'station' },
      { from: 2, to: 1, by: 'operator' },
      { from: 1, to: null, by: 'operator' },
    ]);
  });

  test('of ten stations that come in at once rises for each', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => station({ password })));
    await Promise.all(ids.flatMap((id) => [asker.admit(id, password, id, overTls), asker.admit(id, password, id, overTls)]));
    expect(await Promise.all(ids.map(profileOf))).toEqual(ids.map(() => 2));
    expect((await Promise.all(ids.map(profileEvents))).map((events) => events.length)).toEqual(ids.map(() => 1));
  });

  test('that the configuration asks for holds where none is set', async () => {
    const strict = await startedSession(kit, { LEAST_SECURITY_PROFILE: '2' });
    await session.stop();
    session = strict;
    const [unset, set] = [await station({ password }), await station({ securityProfile: 0 })];
    expect(await asker.admit(unset, password)).toEqual(forbidden);
    expect(await asker.admit(set)).toMatchObject(admitted);
  });
});

test('a deleted station leaves nothing to come in with', async () => {
  const id = await station({ password, securityProfile: 2 });
  await asker.bus.ask(deleteStation, {}, { tenant: 'acme', station: id });
  expect(await asker.admit(id, password, id, overTls)).toEqual({ verdict: 'unknown' });
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id });
  expect(await profileOf(id)).toBeNull();
});
