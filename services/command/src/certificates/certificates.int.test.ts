import { describe, expect, test } from '@jest/globals';
import { deleteCertificateCommand, installCertificateCommand, listCertificatesCommand } from '@ohmnibus/contracts';
import { certificateHashText, type CertificateHash } from '@ohmnibus/domain';
import { certificateHash, createRootAuthority, LocalAuthority, makeRequest } from '@ohmnibus/pki';
import { waitingEvents } from '@ohmnibus/testkit';
import { randomUUID } from 'node:crypto';
import { bus, connect, database, pod, rejection, result, send, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

const now = new Date();
const root = async (name = 'Root') => (await createRootAuthority({ name, keyType: 'ecdsa-p256', days: 100, now })).certificate;
const upper = (hash: CertificateHash): CertificateHash => ({
  hashAlgorithm: hash.hashAlgorithm,
  issuerNameHash: hash.issuerNameHash.toUpperCase(),
  issuerKeyHash: hash.issuerKeyHash.toUpperCase(),
  serialNumber: `00${hash.serialNumber.toUpperCase()}`,
});

/** A station that answers with what is next. */
async function station(...answers: object[]) {
  const gateway = await pod((_call, nth) => result(answers[nth - 1] ?? { status: 'Rejected' }));
  const { station: id } = await connect(gateway.name);
  await database.prisma.station.create({ data: { tenant, id } });
  return { id, order: { tenant, station: id, timeoutSeconds: 5 }, payloads: () => gateway.calls.map(({ action, payload }) => [action, JSON.parse(payload) as unknown]) };
}
const installed = (id: string) => database.prisma.installedCertificate.findMany({ where: { tenant, station: id }, orderBy: { use: 'asc' } });

describe('a root', () => {
  test('that a station takes is known to be there, with its hashes', async () => {
    const certificate = await root();
    const { id, order, payloads } = await station({ status: 'Accepted' });
    expect(await bus.ask(installCertificateCommand, {}, { ...order, use: 'CSMSRootCertificate', certificate })).toMatchObject({ state: 'accepted' });
    expect(payloads()).toEqual([['InstallCertificate', { certificateType: 'CentralSystemRootCertificate', certificate }]]);
    const hash = await certificateHash(certificate);
    expect(await installed(id)).toMatchObject([{ use: 'CSMSRootCertificate', hash: certificateHashText(hash), ...hash, pem: certificate }]);
  });

  test('is known to be there as well if it was sent by hand, and not if the station refused it', async () => {
    const certificate = await root();
    const { id } = await station({ status: 'Accepted' }, { status: 'Failed' });
    await send(id, { action: 'InstallCertificate', payload: { certificateType: 'ManufacturerRootCertificate', certificate } });
    await send(id, { action: 'InstallCertificate', payload: { certificateType: 'ManufacturerRootCertificate', certificate: await root('Other') } });
    expect(await installed(id)).toMatchObject([{ use: 'ManufacturerRootCertificate', pem: certificate }]);
  });

  test('that is no certificate is the caller\'s error, and nothing is sent', async () => {
    const { order, payloads } = await station();
    const fault = await rejection(bus.ask(installCertificateCommand, {}, { ...order, use: 'CSMSRootCertificate', certificate: 'rubbish' }));
    expect(fault.code).toBe('bad-value');
    expect(payloads()).toEqual([]);
  });

  test('for which the version has no word is not sent', async () => {
    const { order, payloads } = await station();
    const answer = await bus.ask(installCertificateCommand, {}, { ...order, use: 'V2GRootCertificate', certificate: await root() });
    expect(answer).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'unsupported' } });
    expect(payloads()).toEqual([]);
  });

  test('is deleted by the name that the station gave it, and then known to be gone', async () => {
    const certificate = await root();
    const hash = await certificateHash(certificate);
    const { id, order, payloads } = await station({ status: 'Accepted', certificateHashData: [upper(hash)] }, { status: 'Accepted' });
    await bus.ask(listCertificatesCommand, {}, { ...order, uses: ['CSMSRootCertificate'] });
    expect(await installed(id)).toMatchObject([{ hash: certificateHashText(hash), issuerNameHash: hash.issuerNameHash.toUpperCase(), pem: null }]);
    expect(await bus.ask(deleteCertificateCommand, {}, { ...order, certificate: hash })).toMatchObject({ state: 'accepted' });
    expect(payloads()[1]).toEqual(['DeleteCertificate', { certificateHashData: upper(hash) }]);
    expect(await installed(id)).toEqual([]);
  });

  test('that the station does not find is known to be gone, one that it fails to delete is still there', async () => {
    const certificate = await root();
    const hash = await certificateHash(certificate);
    const { id, order } = await station({ status: 'Accepted' }, { status: 'Failed' }, { status: 'NotFound' });
    await bus.ask(installCertificateCommand, {}, { ...order, use: 'CSMSRootCertificate', certificate });
    expect(await bus.ask(deleteCertificateCommand, {}, { ...order, certificate: hash })).toMatchObject({ state: 'rejected' });
    expect(await installed(id)).toHaveLength(1);
    expect(await bus.ask(deleteCertificateCommand, {}, { ...order, certificate: hash })).toMatchObject({ state: 'rejected' });
    expect(await installed(id)).toEqual([]);
  });
});

describe('what a station has', () => {
  test('is asked use by use, replaces what was believed, and is recognised if it is one of ours', async () => {
    const [ours, other, lost] = [await root('Ours'), await root('Other'), await root('Lost')];
    const [ourHash, otherHash] = [await certificateHash(ours), await certificateHash(other)];
    await database.prisma.certificateAuthority.create({
      data: { id: randomUUID(), tenant, purpose: 'CSMSRootCertificate', subject: 'CN=Ours', pem: ours, fingerprint: randomUUID(), hash: certificateHashText(ourHash), serialNumber: 'x', notBefore: now, notAfter: now },
    });
    const { id, order, payloads } = await station({ status: 'Accepted' }, { status: 'Accepted', certificateHashData: [otherHash, upper(ourHash), otherHash] }, { status: 'NotFound' });
    await bus.ask(installCertificateCommand, {}, { ...order, use: 'CSMSRootCertificate', certificate: lost });
    const answer = await bus.ask(listCertificatesCommand, {}, order);
    expect(answer).toMatchObject({ state: 'accepted', uses: [{ use: 'CSMSRootCertificate', status: 'Accepted' }, { use: 'ManufacturerRootCertificate', status: 'NotFound' }] });
    expect(payloads().slice(1)).toEqual([
      ['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }],
      ['GetInstalledCertificateIds', { certificateType: 'ManufacturerRootCertificate' }],
    ]);
    expect(new Map((await installed(id)).map(({ hash, pem }) => [hash, pem]))).toEqual(new Map([[certificateHashText(ourHash), ours], [certificateHashText(otherHash), null]]));
  });
});

test('a request ends when the station answers to its certificate, whoever sent it', async () => {
  const authority = await createRootAuthority({ name: 'Root', keyType: 'ecdsa-p256', days: 100, now });
  const ends = async (status: string) => {
    const { id } = await station({ status });
    const { request } = await makeRequest({ commonName: id });
    const chain = await new LocalAuthority(authority, 10, { now: () => now }).sign({ station: { tenant, station: id }, request });
    const data = { tenant, station: id, use: 'ChargingStationCertificate', request, digest: 'x', state: 'signed', approved: true, epoch: 1, frame: 1, requestedAt: now, expiresAt: now, nextAttemptAt: now, chain };
    await database.prisma.certificateRequest.create({ data: { id: randomUUID(), ...data } });
    const { id: command } = await send(id, { action: 'CertificateSigned', payload: { certificateChain: chain } });
    const [row] = await database.prisma.certificateRequest.findMany({ where: { station: id } });
    expect(row).toMatchObject({ lastCommand: command, finishedAt: expect.any(Date) });
    return [row!.state, (await waitingEvents(database, { station: id })).map(({ type, body }) => [type, body['state']])];
  };
  expect(await ends('Accepted')).toEqual(['accepted', [['certificate-request.changed', 'accepted']]]);
  expect(await ends('Rejected')).toEqual(['rejected', [['certificate-request.changed', 'rejected']]]);
});
