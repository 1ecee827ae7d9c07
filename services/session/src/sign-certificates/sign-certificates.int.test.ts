import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Serving } from '@ohmnibus/bus';
import { decideCertificateRequest, deliverCertificateCommand, type CommandAnswer, type DeliverCertificateCommand, type RequestDecision } from '@ohmnibus/contracts';
import { createRootAuthority, LocalAuthority, makeRequest, readCertificate, stationUri } from '@ohmnibus/pki';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { X509Certificate } from 'node:crypto';
import { Asker, frameOf, startedSession } from '../session-fixture.js';

const env = { CERTIFICATE_AUTHORITY_SECRET: 'a secret of the tests', STATION_CERTIFICATE_ORGANIZATION: 'Acme' };
let kit: Testkit;
let asker: Asker;
let sessions: RunningParts[];
let stations: Serving;
/** What stations were given, and what they say to it; undefined: nothing. */
let delivered: DeliverCertificateCommand[];
let answer: (command: DeliverCertificateCommand) => Pick<CommandAnswer, 'state' | 'result'>;

const accepted = () => ({ state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } }) as const;
const offline = () => ({ state: 'failed', result: { type: 'none', reason: 'offline' } }) as const;

beforeAll(async () => {
  kit = await openTestkit();
  asker = await Asker.open(kit);
  // The command service, as the signing queue sees it.
  stations = asker.bus.serve(deliverCertificateCommand, {}, (command) => {
    delivered.push(command);
    return { id: '0b6c0e0e-0000-4000-8000-000000000000', ...answer(command) };
  });
  sessions = await Promise.all([startedSession(kit, env), startedSession(kit, env)]);
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.stop()));
  await stations.stop();
  await asker.close();
  await kit.close();
});
beforeEach(() => {
  delivered = [];
  answer = accepted;
});

let made = 0;
async function newStation(more: { serialNumber?: string; online?: boolean; connectedAt?: Date } = {}): Promise<string> {
  const id = `CS-${++made}`;
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id, ...more } });
  return id;
}
async function csr(commonName: string): Promise<string> {
  return (await makeRequest({ commonName, organization: 'Acme' })).request;
}
async function asks(station: string, frame: number, request: string): Promise<string> {
  const reply = await asker.call(frameOf(station, 1, frame), 'SignCertificate', { csr: request });
  if (reply.kind !== 'result') throw new Error(JSON.stringify(reply));
  return (JSON.parse(reply.payload) as { status: string }).status;
}
const requests = (station: string) => asker.database.prisma.certificateRequest.findMany({ where: { tenant: 'acme', station }, orderBy: [{ epoch: 'asc' }, { frame: 'asc' }] });
const only = async (station: string) => (await requests(station))[0]!;
const becomes = (station: string, state: string) => eventually(`the request is ${state}`, async () => (await requests(station)).some((one) => one.state === state));
const told = async (station: string) => (await asker.events(station)).flatMap(({ type, body }) => (type === 'certificate-request.changed' ? [body['state']] : []));
const to = (station: string) => delivered.filter((command) => command.station === station);
const wasTried = (station: string) => eventually('it was tried and the station was offline', async () => (await only(station)).offlineSince !== null);
/** As if the time for the next attempt had come. */
const hurry = (station: string) => asker.database.prisma.certificateRequest.updateMany({ where: { station }, data: { nextAttemptAt: new Date(0) } });

describe('a station that asks for a certificate', () => {
  test('is answered, and given one for its key, its name and itself, signed by the tenant\'s authority', async () => {
    const station = await newStation();
    const request = await csr(station);
    expect(await asks(station, 1, request)).toBe('Accepted');
    await becomes(station, 'accepted');
    expect(to(station)).toHaveLength(1);
    const { chain, use } = to(station)[0]!;
    expect(use).toBe('ChargingStationCertificate');
    const authority = await asker.database.prisma.certificateAuthority.findFirstOrThrow({ where: { tenant: 'acme', purpose: 'Station' } });
    const certificate = new X509Certificate(chain);
    expect(certificate.verify(new X509Certificate(authority.pem).publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe(`URI:${stationUri({ tenant: 'acme', station })}`);
    expect(readCertificate(chain)).toMatchObject({ commonName: station, organization: 'Acme' });
    expect(authority.sealedKey && Buffer.from(authority.sealedKey).includes('PRIVATE')).toBe(false);
    expect(await only(station)).toMatchObject({ chain, fingerprint: readCertificate(chain).fingerprint, attempts: 1, finishedAt: expect.any(Date) });
    expect(await told(station)).toEqual(['pending', 'signed', 'accepted']);
  });

  test('may go by the serial number that it has told, if no other station has it', async () => {
    const station = await newStation({ serialNumber: 'SN-77' });
    expect(await asks(station, 1, await csr('SN-77'))).toBe('Accepted');
    const double = await newStation({ serialNumber: 'SN-77' });
    expect(await asks(double, 1, await csr('SN-77'))).toBe('Rejected');
    const victim = await newStation();
    const thief = await newStation({ serialNumber: victim });
    expect(await asks(thief, 1, await csr(victim))).toBe('Rejected');
    expect(await only(thief)).toMatchObject({ state: 'refused', reason: expect.stringContaining('another station'), approved: false });
  });

  test('is refused with a reason that stays on record, once, and told once', async () => {
    const station = await newStation();
    const wrong = await csr('somebody-else');
    expect(await asks(station, 1, wrong)).toBe('Rejected');
    expect(await asks(station, 2, wrong)).toBe('Rejected');
    expect(await asks(station, 3, 'rubbish')).toBe('Rejected');
    expect((await requests(station)).map(({ state, reason }) => [state, reason])).toEqual([
      ['refused', `the common name is "somebody-else"; it must be "${station}"`],
      ['refused', expect.stringContaining('cannot be read')],
    ]);
    expect(await told(station)).toEqual(['refused', 'refused']);
    expect(to(station)).toEqual([]);
  });

  test('that repeats itself, in the same frame or another, gets one certificate', async () => {
    const station = await newStation();
    const request = await csr(station);
    expect(await Promise.all([1, 1, 2, 3].map((frame) => asks(station, frame, request)))).toEqual(['Accepted', 'Accepted', 'Accepted', 'Accepted']);
    await becomes(station, 'accepted');
    expect(await requests(station)).toHaveLength(1);
    expect(to(station)).toHaveLength(1);
  });

  test('and asks anew gets the certificate of the new request alone, also if the old one arrives behind it', async () => {
    const station = await newStation();
    answer = offline;
    const [first, second, late] = [await csr(station), await csr(station), await csr(station)];
    await asks(station, 2, first);
    await wasTried(station);
    answer = accepted;
    await asks(station, 3, second);
    expect(await asks(station, 1, late)).toBe('Accepted');
    await becomes(station, 'accepted');
    expect((await requests(station)).map(({ state, request }) => [state, request])).toEqual([
      ['superseded', late],
      ['superseded', first],
      ['accepted', second],
    ]);
  });
});

describe('a certificate on its way', () => {
  test('is given again, the same one, until the station answers', async () => {
    const station = await newStation();
    answer = () => ({ state: 'unknown', result: { type: 'none', reason: 'timeout' } });
    await asks(station, 1, await csr(station));
    await eventually('it was tried', async () => (await only(station)).reason === 'timeout');
    const { nextAttemptAt } = await only(station);
    expect(nextAttemptAt.getTime() - Date.now()).toBeGreaterThan(1_000);
    answer = accepted;
    await hurry(station);
    await becomes(station, 'accepted');
    expect(to(station).map(({ chain }) => chain)).toEqual([(await only(station)).chain, (await only(station)).chain]);
    expect(new Set(to(station).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });

  test('waits for a station that is offline, and is there as soon as it is back', async () => {
    const station = await newStation();
    answer = offline;
    await asks(station, 1, await csr(station));
    await wasTried(station);
    answer = accepted;
    await asker.database.prisma.certificateRequest.updateMany({ where: { station }, data: { nextAttemptAt: new Date(Date.now() + 3_600_000) } });
    await asker.database.prisma.station.updateMany({ where: { id: station }, data: { online: true, connectedAt: new Date(Date.now() + 1000) } });
    await becomes(station, 'accepted');
    expect(to(station).map(({ chain }) => chain)).toEqual([(await only(station)).chain, (await only(station)).chain]);
  });

  test('that the station does not take, or cannot take, is not given again', async () => {
    const [picky, old] = [await newStation(), await newStation()];
    answer = ({ station }) =>
      station === picky
        ? { state: 'rejected', result: { type: 'CALLRESULT', payload: { status: 'Rejected' } } }
        : { state: 'failed', result: { type: 'CALLERROR', code: 'NotImplemented', description: '', details: {} } };
    await Promise.all([picky, old].map(async (station) => asks(station, 1, await csr(station))));
    await Promise.all([becomes(picky, 'rejected'), becomes(old, 'rejected')]);
    expect([await only(picky), await only(old)].map(({ reason }) => reason)).toEqual(['the station does not take the certificate', 'the station answered NotImplemented']);
    expect([...to(picky), ...to(old)]).toHaveLength(2);
  });

  test('expires when it has waited too long', async () => {
    const station = await newStation();
    answer = offline;
    await asks(station, 1, await csr(station));
    await becomes(station, 'signed');
    await asker.database.prisma.certificateRequest.updateMany({ where: { station }, data: { expiresAt: new Date() } });
    await becomes(station, 'expired');
    expect((await told(station)).at(-1)).toBe('expired');
  });

  test('is taken up by another process when the one that had it dies', async () => {
    const station = await newStation();
    // As a process leaves it that was killed after signing, with the lease run out.
    answer = offline;
    await asks(station, 1, await csr(station));
    await wasTried(station);
    const [gone] = sessions.splice(0, 1);
    await gone!.stop();
    answer = accepted;
    await hurry(station);
    await becomes(station, 'accepted');
    expect(await only(station)).toMatchObject({ attempts: 2, reason: null });
    sessions.push(await startedSession(kit, env));
  });
});

describe('an operator', () => {
  let manual: RunningParts;
  let other: Testkit;
  let theirs: Asker;
  let before: typeof asker;
  beforeAll(async () => {
    other = await openTestkit();
    theirs = await Asker.open(other);
    manual = await startedSession(other, { CERTIFICATE_SIGNING: 'manual', CERTIFICATE_AUTHORITY_SECRET: 'another secret of the tests' });
    theirs.bus.serve(deliverCertificateCommand, {}, (command) => {
      delivered.push(command);
      return { id: '0b6c0e0e-0000-4000-8000-000000000000', ...answer(command) };
    });
    before = asker;
    asker = theirs;
  });
  afterAll(async () => {
    asker = before;
    await manual.stop();
    await theirs.close();
    await other.close();
  });
  const decide = (id: string, decision: RequestDecision) => theirs.bus.ask(decideCertificateRequest, {}, { tenant: 'acme', id, by: 'test', decision });

  test('who wants to be asked lets a request wait, and has it signed with a word', async () => {
    const station = await newStation();
    expect(await asks(station, 1, await csr(station))).toBe('Accepted');
    const { id, approved } = await only(station);
    expect(approved).toBe(false);
    expect(await decide(id, { kind: 'approve' })).toEqual({ state: 'pending' });
    await becomes(station, 'accepted');
    expect(await only(station)).toMatchObject({ decidedBy: 'test' });
    await expect(decide(id, { kind: 'approve' })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('refuses a request', async () => {
    const station = await newStation();
    await asks(station, 1, await csr(station));
    const { id } = await only(station);
    expect(await decide(id, { kind: 'deny', reason: 'not ours' })).toEqual({ state: 'denied' });
    expect(await only(station)).toMatchObject({ state: 'denied', reason: 'not ours' });
    expect(await told(station)).toEqual(['pending', 'denied']);
    expect(to(station)).toEqual([]);
  });

  test('uploads what another authority has signed, which goes to the station without the root', async () => {
    const station = await newStation();
    const request = await csr(station);
    await asks(station, 1, request);
    const { id } = await only(station);
    const now = new Date();
    const elsewhere = await createRootAuthority({ name: 'Elsewhere', keyType: 'ecdsa-p256', days: 100, now });
    const chain = await new LocalAuthority(elsewhere, 10, { now: () => now }).sign({ station: { tenant: 'acme', station }, request });
    const foreign = await new LocalAuthority(elsewhere, 10, { now: () => now }).sign({ station: { tenant: 'acme', station }, request: await csr(station) });
    await expect(decide(id, { kind: 'certificate', chain: foreign })).rejects.toMatchObject({ code: 'bad-value' });
    await expect(decide(id, { kind: 'certificate', chain: 'rubbish' })).rejects.toMatchObject({ code: 'bad-value' });
    expect(await decide(id, { kind: 'certificate', chain: chain + elsewhere.certificate })).toEqual({ state: 'signed' });
    await becomes(station, 'accepted');
    expect(to(station).map((command) => command.chain)).toEqual([chain]);
  });

  test('is told that there is no such request', async () => {
    await expect(decide('00000000-0000-4000-8000-000000000000', { kind: 'approve' })).rejects.toMatchObject({ code: 'not-found' });
  });
});
