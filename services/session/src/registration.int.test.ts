import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  decideOnStation,
  deleteQuirkProfile,
  putQuirkProfile,
  putStation,
  putStationSettings,
  putTenantSettings,
  stationChanged,
  triggerCommand,
  type Admission,
  type StationSettings,
} from '@ohmnibus/contracts';
import type { BootPolicy, NewcomerPolicy, Quirks } from '@ohmnibus/domain';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, frameOf, startedSession } from './session-fixture.js';

let kit: Testkit;
/** Two processes: what one is told the other learns. */
let sessions: RunningParts[];
let asker: Asker;
const triggered: string[] = [];
const changes: string[] = [];

beforeAll(async () => {
  kit = await openTestkit();
  sessions = await Promise.all([startedSession(kit, { NEWCOMERS_WAITING: '2' }), startedSession(kit, { NEWCOMERS_WAITING: '2' })]);
  asker = await Asker.open(kit);
  asker.bus.serve(triggerCommand, {}, ({ station, message }) => {
    triggered.push(`${station} ${message}`);
    return { id: 'c', state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } as const;
  });
  asker.bus.listen(stationChanged, {}, ({ station, change }) => changes.push(`${station} ${change}`));
});
afterAll(async () => {
  await asker.close();
  await Promise.all(sessions.map((session) => session.stop()));
  await kit.close();
});

const tenantSays = async (settings: { newcomers?: NewcomerPolicy | null; bootPolicy?: BootPolicy | null }) => {
  await asker.bus.ask(putTenantSettings, {}, { tenant: 'acme', newcomers: null, bootPolicy: null, onBootConfiguration: null, onBootLocalList: null, ...settings });
  await asker.bus.connection.flush();
};
const stationSays = (station: string, settings: StationSettings) => asker.bus.ask(putStationSettings, {}, { tenant: 'acme', station, ...settings });
const decide = (station: string, decision: 'approved' | 'refused') => asker.bus.ask(decideOnStation, {}, { tenant: 'acme', station, decision });

let frames = 0;
async function boot(station: string, make: { vendor?: string; model?: string; firmware?: string } = {}) {
  const { vendor = 'Volt', model = 'One', firmware } = make;
  const answer = await asker.call(frameOf(station, 1, ++frames), 'BootNotification', { chargePointVendor: vendor, chargePointModel: model, firmwareVersion: firmware });
  if (answer.kind !== 'result') throw new Error(answer.description);
  const { status, interval } = JSON.parse(answer.payload) as { status: string; interval: number };
  return { status, interval, standing: answer.standing };
}
/** By both processes, asked until they agree: a word that something changed is on its way to one of them. */
const standing = async (station: string) => ((await asker.admit(station)) as Extract<Admission, { verdict: 'admitted' }>).standing;

describe('a newcomer', () => {
  test('is unknown where nothing else is said, and so it is to a tenant that nobody has heard of', async () => {
    expect(await asker.admit('nobody')).toEqual({ verdict: 'unknown' });
    expect(await asker.station('nobody')).toBeNull();
  });

  test('is let in and kept for an operator’s word where newcomers queue, and told to come again', async () => {
    await tenantSays({ newcomers: 'queue' });
    await eventually('both processes have heard', async () => (await asker.admit('queued')).verdict === 'admitted');
    expect(await asker.admit('queued')).toEqual({ verdict: 'admitted', standing: { registration: 'Pending', booted: false } });
    expect(await boot('queued')).toMatchObject({ status: 'Pending', interval: 60, standing: { registration: 'Pending', booted: true } });
    expect(await asker.station('queued')).toMatchObject({ approval: 'waiting', registration: 'Pending', vendor: 'Volt' });
    expect((await asker.events('queued')).map(({ type }) => type)).toEqual(['station.appeared', 'station.booted']);
  });

  test('that an operator approves is asked to boot again, if it is there to hear it, and is accepted', async () => {
    await asker.report('connected', 'queued', 1);
    await decide('queued', 'approved');
    await eventually('its boot is triggered', () => triggered.includes('queued BootNotification'));
    await eventually('gateways are told how it stands', () => changes.includes('queued standing'));
    expect(await boot('queued')).toMatchObject({ status: 'Accepted', interval: 300 });
    expect(await asker.admit('queued')).toEqual({ verdict: 'admitted' });
    expect((await asker.events('queued')).map(({ type }) => type)).toContain('station.approval-changed');
  });

  test('that an operator refuses is unknown from then on, and does not queue again', async () => {
    await asker.admit('refused');
    await decide('refused', 'refused');
    await eventually('gateways are told that it is gone', () => changes.includes('refused deleted'));
    expect(await asker.admit('refused')).toEqual({ verdict: 'unknown' });
    expect(await boot('refused')).toMatchObject({ status: 'Rejected' });
    expect(await asker.station('refused')).toMatchObject({ approval: 'refused' });
  });

  test('is unknown once too many wait, or if no station can be called so', async () => {
    expect((await asker.admit('wait-1')).verdict).toBe('admitted');
    expect((await asker.admit('wait-2')).verdict).toBe('admitted');
    expect(await asker.admit('wait-3')).toEqual({ verdict: 'unknown' });
    for (const name of ['', 'a:b', 'x'.repeat(49), 'tab\t']) expect([name, await asker.admit(name)]).toEqual([name, { verdict: 'unknown' }]);
    expect((await asker.admit('wait-1')).verdict).toBe('admitted');
  });

  test('that an operator enters by hand has been approved thereby', async () => {
    await asker.bus.ask(putStation, {}, { tenant: 'acme', station: 'wait-1' });
    expect(await boot('wait-1')).toMatchObject({ status: 'Accepted' });
  });

  test('that was refused stays so, whatever else is said of it', async () => {
    await asker.bus.ask(putStation, {}, { tenant: 'acme', station: 'refused', password: 'a long password' });
    expect(await asker.admit('refused', 'a long password')).toEqual({ verdict: 'unknown' });
    await decide('refused', 'approved');
    expect(await asker.admit('refused', 'a long password')).toMatchObject({ verdict: 'admitted' });
  });

  test('is a station like any other where newcomers are accepted', async () => {
    await tenantSays({ newcomers: 'accept' });
    await eventually('both processes have heard', async () => (await standing(`welcome-${++frames}`))?.registration === 'Accepted' && (await standing(`welcome-${++frames}`))?.registration === 'Accepted');
    expect(await boot(`welcome-${frames}`)).toMatchObject({ status: 'Accepted' });
    await tenantSays({ newcomers: 'refuse' });
    await eventually('both processes have heard', async () => (await Promise.all([1, 2, 3, 4].map((n) => asker.admit(`gone-${n}-${++frames}`)))).every(({ verdict }) => verdict === 'unknown'));
  });

  test('nobody can be decided on who is not there', async () => {
    await expect(decide('nobody', 'approved')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a boot', () => {
  test('is answered as its tenant says, unless the station says otherwise', async () => {
    await asker.make('follows', 'insists');
    await stationSays('insists', { bootPolicy: 'accept' });
    await tenantSays({ bootPolicy: 'reject' });
    await eventually('both processes have heard', async () => (await Promise.all([boot('follows'), boot('follows'), boot('follows')])).every(({ status }) => status === 'Rejected'));
    expect(await boot('follows')).toMatchObject({ status: 'Rejected', interval: 60, standing: { registration: 'Rejected', booted: true } });
    expect(await boot('insists')).toMatchObject({ status: 'Accepted', interval: 300 });
    await tenantSays({});
    await eventually('both processes have heard', async () => (await Promise.all([boot('follows'), boot('follows'), boot('follows')])).every(({ status }) => status === 'Accepted'));
  });

  test('that is pending first is so until an operator releases the station, and again if the policy is set anew', async () => {
    await asker.make('first');
    await stationSays('first', { bootPolicy: 'pending' });
    expect(await standing('first')).toEqual({ registration: 'Pending', booted: false });
    expect((await boot('first')).status).toBe('Pending');
    expect((await boot('first')).status).toBe('Pending');
    await decide('first', 'approved');
    expect(triggered).not.toContain('first BootNotification'); // It is offline.
    expect((await boot('first')).status).toBe('Accepted');
    expect((await boot('first')).status).toBe('Accepted');
    await stationSays('first', { bootPolicy: 'pending' });
    expect((await boot('first')).status).toBe('Pending');
  });

  test('decides how the station stands when it merely comes back, also after a restart of ours', async () => {
    await asker.make('back');
    expect(await standing('back')).toEqual({ registration: 'Accepted', booted: false });
    await boot('back');
    expect(await asker.admit('back')).toEqual({ verdict: 'admitted' });
    await stationSays('back', { bootPolicy: 'reject' });
    expect(await asker.admit('back')).toEqual({ verdict: 'admitted' });
    await boot('back');
    expect(await standing('back')).toEqual({ registration: 'Rejected', booted: true });
    await eventually('gateways are told how it stands', () => changes.includes('back standing'));
  });

  test('of nobody is rejected', async () => {
    expect(await boot('nobody')).toMatchObject({ status: 'Rejected' });
  });
});

describe('a handshake that names no version', () => {
  test('is refused, unless somebody has said what the station speaks', async () => {
    await asker.make('silent');
    const admit = () => asker.admit('silent', undefined, 'silent', { protocol: undefined });
    expect(await admit()).toEqual({ verdict: 'versionless' });
    await stationSays('silent', { assumedProtocol: 'v16' });
    expect(await admit()).toMatchObject({ verdict: 'admitted', assumed: 'v16' });
    expect(await asker.admit('silent')).not.toHaveProperty('assumed');
  });
});

describe('quirks', () => {
  const profile = (name: string, quirks: Quirks, more: { vendor?: string; model?: string; firmware?: string; priority?: number } = {}) =>
    asker.bus.ask(putQuirkProfile, {}, { tenant: 'acme', name, vendor: null, model: null, firmware: null, priority: 0, quirks: quirks as never, ...more });
  const quirksOfBoot = async (station: string, make: Parameters<typeof boot>[1]) => (await boot(station, make)).standing?.quirks;

  test('are told with the boot that tells the make, and at the door from then on', async () => {
    await asker.make('odd', 'even');
    expect(await profile('odds', { pacingMs: 100 }, { vendor: 'Odd*', firmware: '1.*' })).toEqual({ created: true });
    await eventually('both processes have heard', async () => (await Promise.all([1, 2, 3, 4].map(() => quirksOfBoot('odd', { vendor: 'Oddities', firmware: '1.2' })))).every(Boolean));
    expect(await boot('odd', { vendor: 'Oddities', firmware: '1.2' })).toMatchObject({ standing: { quirks: { pacingMs: 100 } } });
    expect(await standing('odd')).toEqual({ registration: 'Accepted', booted: true, quirks: { pacingMs: 100 } });
    expect(await quirksOfBoot('even', { vendor: 'Oddities', firmware: '2.0' })).toBeUndefined();
    expect(await quirksOfBoot('odd', { vendor: 'Oddities', firmware: '2.0' })).toBeUndefined();
    expect(await asker.admit('odd')).toEqual({ verdict: 'admitted' });
  });

  test('are those of the profile with the highest priority, and one that says nothing makes an exception', async () => {
    await profile('odds of a model', {}, { vendor: 'Odd*', model: 'Fine', priority: 5 });
    await eventually('both processes have heard', async () => (await Promise.all([1, 2, 3, 4].map(() => quirksOfBoot('odd', { vendor: 'Oddities', model: 'Fine', firmware: '1.2' })))).every((quirks) => !quirks));
    expect(await quirksOfBoot('odd', { vendor: 'Oddities', model: 'Other', firmware: '1.2' })).toEqual({ pacingMs: 100 });
  });

  test('of a profile that is deleted are gone', async () => {
    expect(await asker.bus.ask(deleteQuirkProfile, {}, { tenant: 'acme', name: 'odds' })).toEqual({ deleted: true });
    expect(await asker.bus.ask(deleteQuirkProfile, {}, { tenant: 'acme', name: 'odds' })).toEqual({ deleted: false });
    await eventually('both processes have heard', async () => (await Promise.all([1, 2, 3, 4].map(() => quirksOfBoot('odd', { vendor: 'Oddities', firmware: '1.2' })))).every((quirks) => !quirks));
  });

  test('forgive the very boot that tells the make, and none of another make', async () => {
    await asker.make('long');
    const long = { chargePointVendor: 'United Chargers', chargePointModel: 'Grizzl-E Smart Connect' };
    const answer = (payload: object) => asker.call(frameOf('long', 1, ++frames), 'BootNotification', payload);
    expect(await answer({ ...long, chargePointVendor: 'Others' })).toMatchObject({ kind: 'error', code: 'PropertyConstraintViolation' });
    expect(await answer(long)).toMatchObject({ kind: 'result', standing: { registration: 'Accepted', quirks: { accepts: ['long-text'] } } });
    expect(await asker.station('long')).toMatchObject({ model: 'Grizzl-E Smart Conne' });
    for (const payload of [[], { chargePointVendor: ['United Chargers'], chargePointModel: long.chargePointModel }, { ...long, chargePointModel: 4711 }]) {
      expect(await answer(payload)).toMatchObject({ kind: 'error' });
    }
  });

  test('that nobody knows are refused', async () => {
    await expect(profile('wrong', { colour: 'red' } as never)).rejects.toMatchObject({ code: 'bad-value' });
    await expect(profile('wrong', { energyFactors: { Wh: 0 } })).rejects.toMatchObject({ code: 'bad-value' });
  });
});
