import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deleteStation, putStation, stationChanged } from '@ohmnibus/contracts';
import { Presence } from '@ohmnibus/presence';
import { eventually } from '@ohmnibus/testkit';
import { randomUUID } from 'node:crypto';
import { verifierName } from '../admit-station/verifier.js';
import { acme, connection } from '../session-fixture.js';
import { asker, kit, useSession } from '../running-session-fixture.js';

let presence: Presence;
const heard: string[] = [];

afterAll(() => presence.close());
useSession();
beforeAll(async () => {
  presence = await Presence.connect({ url: kit.redisUrl });
  asker.bus.listen(stationChanged, {}, ({ station, change }) => heard.push(`${station} ${change}`));
});

const put = (station: string, password?: string | null) => asker.bus.ask(putStation, {}, { tenant: 'acme', station, password });
const remove = (station: string) => asker.bus.ask(deleteStation, {}, { tenant: 'acme', station });
const verifierOf = async (station: string) => (await presence.verifiers.get([verifierName(acme(station))]))[0]!;
/** All that was ever told of the station that these changes are of. */
const hear = (...changes: string[]) =>
  eventually(`${changes.join()} is heard`, () => heard.filter((change) => change.split(' ')[0] === changes[0]!.split(' ')[0]).join() === changes.join());

describe('putting a station', () => {
  test('makes it, and says so to those who remember that they did not know it', async () => {
    expect(await asker.admit('new')).toEqual({ verdict: 'unknown' });
    expect(await put('new')).toEqual({ created: true });
    await hear('new credentials');
    expect(await asker.admit('new')).toMatchObject({ verdict: 'admitted' });
    expect(await put('new')).toEqual({ created: false });
  });

  test('sets a password, which is recognised at once', async () => {
    expect(await put('set', 'pässword:1')).toEqual({ created: true });
    expect(await verifierOf('set')).not.toBeNull();
    expect(await asker.admit('set', 'pässword:1')).toMatchObject({ verdict: 'admitted' });
    expect(await asker.admit('set')).toMatchObject({ verdict: 'unauthenticated' });
  });

  test('changes the password: the old one is worthless and everybody is told', async () => {
    await put('change', 'password-1');
    expect(await put('change', 'password-2')).toEqual({ created: false });
    expect(await asker.admit('change', 'password-1')).toMatchObject({ verdict: 'unauthenticated' });
    expect(await asker.admit('change', 'password-2')).toMatchObject({ verdict: 'admitted' });
    await hear('change credentials', 'change credentials');
  });

  test('leaves the password as it is if none is mentioned', async () => {
    await put('leave', 'password-1');
    await put('leave');
    expect(await asker.admit('leave')).toMatchObject({ verdict: 'unauthenticated' });
    expect(await asker.admit('leave', 'password-1')).toMatchObject({ verdict: 'admitted' });
    await hear('leave credentials');
  });

  test('takes the password away if it is null', async () => {
    await put('clear', 'password-1');
    await put('clear', null);
    expect(await asker.admit('clear')).toMatchObject({ verdict: 'admitted' });
    expect(await verifierOf('clear')).toBeNull();
    await hear('clear credentials', 'clear credentials');
  });

  test('never stores the password itself', async () => {
    await put('hashed', 'password-1');
    expect(JSON.stringify(await asker.database.prisma.station.findMany({ select: { passwordHash: true } }))).not.toContain('password-1');
    expect(await verifierOf('hashed')).not.toContain('password-1');
  });

  test('leaves what is known of the station as it is', async () => {
    await asker.make('kept');
    await asker.report('connected', 'kept', 7);
    await put('kept', 'password-1');
    expect(await asker.station('kept')).toMatchObject({ online: true, epoch: 7n });
  });

  test.each(['', 'a:b', 'x'.repeat(49), 'a\0b'])('refuses %j as an id', async (id) => {
    await expect(put(id)).rejects.toMatchObject({ code: 'bad-value' });
  });
});

describe('deleting a station', () => {
  test('leaves nothing that would admit it, and tells everybody', async () => {
    await put('gone', 'password-1');
    expect(await remove('gone')).toEqual({ deleted: true });
    expect(await asker.admit('gone', 'password-1')).toEqual({ verdict: 'unknown' });
    expect(await verifierOf('gone')).toBeNull();
    await hear('gone credentials', 'gone deleted');
    expect(await remove('gone')).toEqual({ deleted: false });
  });

  test('leaves nothing of it to another one that gets its id', async () => {
    const [tenant, station, now] = ['acme', 'replaced', new Date()];
    await put('replaced');
    const { prisma } = asker.database;
    const profile = { tenant, station, evse: 1, purpose: 'TxDefaultProfile', stackLevel: 0, profile: {}, installedAt: now, afterTransaction: 0, command: randomUUID() };
    await prisma.installedChargingProfile.createMany({ data: [{ ...profile, profileId: 1 }, { ...profile, tenant: 'other', profileId: 2 }] });
    const root = { tenant, station, use: 'CSMSRootCertificate', hash: 'h', hashAlgorithm: 'SHA256', issuerNameHash: 'n', issuerKeyHash: 'k', serialNumber: '1', learntAt: now };
    await prisma.installedCertificate.createMany({ data: [root, { ...root, station: 'another' }] });
    const request = { tenant, station, use: 'ChargingStationCertificate', request: 'PEM', approved: true, epoch: 1n, requestedAt: now, expiresAt: new Date(now.getTime() + 60_000), nextAttemptAt: new Date(now.getTime() + 60_000) };
    const requests = ['pending', 'signed', 'accepted', 'refused'].map((state, i) => ({ ...request, id: randomUUID(), digest: state, state, frame: BigInt(i), use: state, fingerprint: i === 1 || i === 2 ? state : null }));
    await prisma.certificateRequest.createMany({ data: [...requests, { ...request, station: 'another', id: randomUUID(), digest: 'accepted', state: 'accepted', frame: 9n, fingerprint: 'f' }] });

    const reservation = { tenant, station, evse: 1, token: 'T', tokenKey: 't', raw: false, requestedAt: now, deadline: now, expiresAt: new Date(now.getTime() + 60_000), afterTransaction: 0 };
    await prisma.reservation.createMany({ data: [{ id: 1, state: 'active' }, { id: 2, state: 'used' }, { id: 3, station: 'another', state: 'active' }].map((more) => ({ ...reservation, command: randomUUID(), ...more })) });
    const job = { tenant, station, kind: 'firmware-update', location: 'https://x', details: {}, orderedAt: now };
    await prisma.maintenanceJob.createMany({ data: [{ ...job, id: randomUUID(), state: 'running' }, { ...job, id: randomUUID(), state: 'done' }, { ...job, id: randomUUID(), station: 'another', state: 'running' }] });

    expect(await remove('replaced')).toEqual({ deleted: true });
    expect((await prisma.reservation.findMany({ where: { tenant }, orderBy: { id: 'asc' } })).map(({ state, cancelledBy }) => [state, cancelledBy])).toEqual([['cancelled', 'operator'], ['used', null], ['active', null]]);
    expect((await prisma.maintenanceJob.findMany({ where: { tenant } })).map(({ state }) => state).toSorted()).toEqual(['done', 'running', 'superseded']);
    expect((await asker.events(station)).filter(({ type }) => /^(reservation|firmware-update)/.test(type)).map(({ body }) => body['state'])).toEqual(['cancelled', 'superseded']);
    expect((await prisma.installedChargingProfile.findMany({ where: { station } })).map((row) => row.tenant)).toEqual(['other']);
    expect((await prisma.installedCertificate.findMany({ where: { tenant } })).map((row) => row.station)).toEqual(['another']);
    const left = await prisma.certificateRequest.findMany({ where: { tenant }, orderBy: { frame: 'asc' } });
    expect(left.map(({ state, revokedAt }) => [state, revokedAt !== null])).toEqual([['expired', false], ['expired', true], ['accepted', true], ['refused', false], ['accepted', false]]);
    expect((await asker.events(station)).filter(({ type }) => type === 'certificate-request.changed').map(({ body }) => body['state'])).toEqual(['expired', 'expired']);
  });

  test('takes an online one offline, and keeps its transactions', async () => {
    await asker.make('charged');
    await asker.report('connected', 'charged', 3);
    await asker.database.prisma.transaction.create({ data: { tenant: 'acme', station: 'charged', key: 'k', wireId: '1', protocol: 'v16' } });
    await asker.database.prisma.connector.create({
      data: { tenant: 'acme', station: 'charged', evse: 1, connector: 1, status: 'Available', reported: 'Available', receivedAt: new Date(), epoch: 3, frame: 1 },
    });
    await remove('charged');
    expect(await asker.database.prisma.transaction.count({ where: { station: 'charged' } })).toBe(1);
    expect(await asker.database.prisma.connector.count({ where: { station: 'charged' } })).toBe(0);
    expect(await asker.events('charged')).toMatchObject([{ type: 'station.connected' }, { type: 'station.disconnected', body: { epoch: 3, reason: 'deleted' } }]);
    await asker.report('disconnected', 'charged', 3, { pod: connection('connected', 'charged', 3).pod });
    expect(await asker.events('charged')).toHaveLength(2);
  });
});
