import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addCertificateAuthority, putStation, revokeCertificate, stationChanged, type Admission } from '@ohmnibus/contracts';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, TestAuthority, type CertificateOrder, type Testkit } from '@ohmnibus/testkit';
import { Asker, startedSession } from '../session-fixture.js';

let kit: Testkit;
let session: RunningParts;
let asker: Asker;
let folder: string;
/** Trusted for every tenant, for the tenant of the tests alone, and for another one. */
let common: TestAuthority;
let own: TestAuthority;
let others: TestAuthority;
let made = 0;

beforeAll(async () => {
  kit = await openTestkit();
  folder = mkdtempSync(join(tmpdir(), 'ohmnibus-authorities-'));
  [common, own, others] = await Promise.all(['Common root', 'Own root', 'Root of others'].map((name) => TestAuthority.create(name)) as [Promise<TestAuthority>, Promise<TestAuthority>, Promise<TestAuthority>]);
  const file = join(folder, 'authorities.pem');
  writeFileSync(file, `Of all stations:\n${common.certificate}\n`);
  [session, asker] = await Promise.all([startedSession(kit, { STATION_CA_FILE: file, STATION_CERTIFICATE_ORGANIZATION: 'Voltwerk' }), Asker.open(kit)]);
  await asker.bus.ask(addCertificateAuthority, {}, { tenant: 'acme', purpose: 'Station', certificate: own.certificate });
  await asker.bus.ask(addCertificateAuthority, {}, { tenant: 'other', purpose: 'Station', certificate: others.certificate });
});
afterAll(async () => {
  await asker.close();
  await session.stop();
  await kit.close();
  rmSync(folder, { recursive: true, force: true });
});

async function station(certificateName?: string): Promise<string> {
  const id = `CS-${++made}`;
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: id, securityProfile: 3, certificateName });
  return id;
}

const derOf = async (authority: TestAuthority, order: CertificateOrder) => new X509Certificate((await authority.issue({ organization: 'Voltwerk', ...order })).certificate).raw;
const present = (id: string, der: Buffer, verdict = 'SUCCESS'): Promise<Admission> => asker.admit(id, undefined, id, { secure: true, certificate: { der, verdict } });
const admitted = { verdict: 'admitted' };
const refused = (reason: string) => ({ verdict: 'unauthenticated', reason: expect.stringContaining(reason) });

test('an authority of the tenant is believed, and one for all of them; that of another tenant is not', async () => {
  const id = await station();
  expect(await present(id, await derOf(common, { commonName: id }))).toMatchObject(admitted);
  expect(await present(id, await derOf(own, { commonName: id }))).toMatchObject(admitted);
  expect(await present(id, await derOf(others, { commonName: id }))).toEqual(refused('(unknown-authority)'));
});

test('the subject names the station, or what an operator says that it is called; not what the station says', async () => {
  const [plain, named] = [await station(), await station('SN-1')];
  await asker.database.prisma.station.updateMany({ where: { id: plain }, data: { serialNumber: 'SN-1' } });
  const der = await derOf(own, { commonName: 'SN-1' });
  expect(await present(plain, der)).toEqual(refused('(wrong-station)'));
  expect(await present(named, der)).toMatchObject(admitted);
  expect(await present(named, await derOf(own, { commonName: named }))).toMatchObject(admitted);
  expect(await present(named, await derOf(own, { commonName: plain }))).toEqual(refused('(wrong-station)'));
});

test.each<[string, Partial<CertificateOrder>, string]>([
  ['has expired', { fromDay: -2, toDay: -1 }, '(expired)'],
  ['is not valid yet', { fromDay: 1 }, '(not-yet-valid)'],
  ['is for servers', { use: 'server' }, '(wrong-purpose)'],
  ['is of another organization', { organization: 'Somebody else' }, '(wrong-organization)'],
])('a certificate that %s is refused, whatever the proxy says', async (_what, order, reason) => {
  const id = await station();
  expect(await present(id, await derOf(own, { commonName: id, ...order }))).toEqual(refused(reason));
});

test('what the proxy refuses is refused; a proxy that says nothing is not asked', async () => {
  const id = await station();
  const der = await derOf(own, { commonName: id });
  expect(await present(id, der, 'FAILED:certificate revoked')).toEqual(refused('the proxy refuses what was given: FAILED:certificate revoked'));
  expect(await present(id, der, 'NONE')).toEqual(refused('the proxy refuses'));
  expect(await present(id, der, '')).toMatchObject(admitted);
});

test('a certificate that is revoked is refused from then on, and gateways hear that the station is to come again', async () => {
  const heard: unknown[] = [];
  asker.bus.listen(stationChanged, {}, (change) => heard.push(change));
  await asker.bus.connection.flush();
  const id = await station();
  const der = await derOf(own, { commonName: id });
  expect(await present(id, der)).toMatchObject(admitted);
  const now = new Date();
  const fingerprint = createHash('sha256').update(der).digest('hex');
  const request = { id: randomUUID(), tenant: 'acme', station: id, use: 'ChargingStationCertificate', request: '', digest: '', state: 'accepted', approved: true, epoch: 1, frame: 1 };
  await asker.database.prisma.certificateRequest.create({ data: { ...request, requestedAt: now, expiresAt: now, nextAttemptAt: now, fingerprint } });
  expect(await present(id, der)).toMatchObject(admitted);
  expect(await asker.bus.ask(revokeCertificate, {}, { tenant: 'acme', id: request.id })).toEqual({ revoked: true });
  await eventually('it is told', () => heard.length > 0);
  expect(heard).toContainEqual({ tenant: 'acme', station: id, change: 'revoked' });
  expect(await present(id, der)).toEqual(refused('has been revoked'));
});

test('a certificate without TLS is none', async () => {
  const id = await station();
  const der = await derOf(own, { commonName: id });
  expect(await asker.admit(id, undefined, id, { secure: false, certificate: { der, verdict: 'SUCCESS' } })).toMatchObject({ verdict: 'forbidden' });
  // Nor is it the password of a station that needs one.
  const other = `${id}-P`;
  await asker.bus.ask(putStation, {}, { tenant: 'acme', station: other, password: 'a password of its' });
  const itsOwn = { der: await derOf(own, { commonName: other }), verdict: 'SUCCESS' };
  expect(await asker.admit(other, undefined, other, { secure: false, certificate: itsOwn })).toEqual({ verdict: 'unauthenticated', reason: 'no password given' });
  expect(await asker.admit(other, undefined, other, { secure: true, certificate: itsOwn })).toMatchObject(admitted);
});
