import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRootAuthority, readCertificate } from '@ohmnibus/pki';
import { randomUUID } from 'node:crypto';
import { api, database, listed, pages, raw, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['session', 'command']);

const now = new Date();
const root = async (name: string) => (await createRootAuthority({ name, keyType: 'ecdsa-p256', days: 100, now })).certificate;
const asStranger = (path: string) => raw(`/api/v1${path}`, { headers: { authorization: `Bearer ${strangersKey}` } });

describe('certificate authorities', () => {
  test('are kept once, listed by purpose, and forgotten', async () => {
    const certificate = await root('One');
    const added = await api('POST', '/certificate-authorities', { purpose: 'CSMSRootCertificate', certificate });
    expect(added).toMatchObject({ status: 201, body: { purpose: 'CSMSRootCertificate', subject: 'CN=One', certificate, fingerprint: readCertificate(certificate).fingerprint, signs: false } });
    expect(await api('POST', '/certificate-authorities', { purpose: 'CSMSRootCertificate', certificate })).toMatchObject({ status: 200, body: added.body });
    expect(await api('POST', '/certificate-authorities', { purpose: 'Station', certificate })).toMatchObject({ status: 201 });
    const { id } = added.body as { id: string };
    expect(await listed('/certificate-authorities?purpose=CSMSRootCertificate')).toEqual([id]);
    expect(await asStranger(`/certificate-authorities/${id}`)).toMatchObject({ status: 404 });
    expect(await api('DELETE', `/certificate-authorities/${id}`)).toMatchObject({ status: 204 });
    expect(await api('DELETE', `/certificate-authorities/${id}`)).toMatchObject({ status: 404 });
    expect(await api('GET', '/certificate-authorities/nonsense')).toMatchObject({ status: 404 });
  });

  test('that are none are refused', async () => {
    for (const body of [{}, { purpose: 'Other', certificate: 'x' }, { purpose: 'Station', certificate: 'rubbish' }, { purpose: 'Station', certificate: 'nul\0' }]) {
      expect(await api('POST', '/certificate-authorities', body)).toMatchObject({ status: 400 });
    }
  });
});

describe('certificate requests', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 5; i++) {
      const id = randomUUID();
      ids.unshift(id);
      const data = { id, tenant, station: `CS-${i % 2}`, use: 'ChargingStationCertificate', request: 'x', digest: `${i}`, state: i === 4 ? 'pending' : 'refused', approved: false };
      await database.prisma.certificateRequest.create({
        data: { ...data, epoch: 1, frame: i, requestedAt: new Date(now.getTime() + i), expiresAt: new Date(now.getTime() + 3_600_000), nextAttemptAt: now },
      });
    }
  });

  test('are listed page by page, the newest first, by station and state', async () => {
    expect((await pages('/certificate-requests', 2)).map((items) => items.map(({ id }) => id))).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await listed('/certificate-requests?station=CS-1')).toEqual([ids[1], ids[3]]);
    expect(await listed('/certificate-requests?state=pending')).toEqual([ids[0]]);
    expect((await asStranger('/certificate-requests')).body).toEqual({ items: [], nextCursor: null });
    expect(await api('GET', '/certificate-requests?state=odd')).toMatchObject({ status: 400 });
  });

  test('that wait are decided, by whoever may see them', async () => {
    expect(await raw(`/api/v1/certificate-requests/${ids[0]}/deny`, { method: 'POST', headers: { authorization: `Bearer ${strangersKey}` } })).toMatchObject({ status: 404 });
    expect(await api('PUT', `/certificate-requests/${ids[0]}/certificate`, { certificate: 'rubbish' })).toMatchObject({ status: 400 });
    expect(await api('POST', `/certificate-requests/${ids[0]}/deny`, { reason: 'not ours' })).toMatchObject({ status: 200, body: { state: 'denied', reason: 'not ours', decidedBy: 'bootstrap' } });
    expect(await api('POST', `/certificate-requests/${ids[0]}/approve`)).toMatchObject({ status: 409 });
    expect(await api('POST', `/certificate-requests/${ids[0]}/revoke`)).toMatchObject({ status: 200, body: { revoked: false } });
  });
});

describe('the certificates of a station', () => {
  test('cannot be asked of one that does not exist, or in words that say nothing', async () => {
    await database.prisma.station.create({ data: { tenant, id: 'CS-here' } });
    expect(await api('GET', '/stations/CS-nowhere/certificates')).toMatchObject({ status: 404 });
    expect((await api('GET', '/stations/CS-here/certificates')).body).toEqual({ items: [], nextCursor: null });
    expect(await api('POST', '/stations/CS-here/certificates', { type: 'CSMSRootCertificate' })).toMatchObject({ status: 400 });
    expect(await api('POST', '/stations/CS-here/certificates', { type: 'CSMSRootCertificate', certificate: 'rubbish' })).toMatchObject({ status: 400 });
    expect(await api('POST', '/stations/CS-here/certificates', { type: 'CSMSRootCertificate', authority: randomUUID() })).toMatchObject({ status: 404 });
    expect(await api('DELETE', '/stations/CS-here/certificates/SHA256.ab.cd')).toMatchObject({ status: 404 });
  });

  test('are told of one that is away', async () => {
    const certificate = await root('Two');
    const { body } = await api('POST', '/certificate-authorities', { purpose: 'CSMSRootCertificate', certificate });
    const offline = { status: 200, body: { state: 'failed', result: { type: 'none', reason: 'offline' } } };
    expect(await api('POST', '/stations/CS-here/certificates', { type: 'CentralSystemRootCertificate', authority: (body as { id: string }).id })).toMatchObject(offline);
    expect(await api('DELETE', '/stations/CS-here/certificates/SHA256.ab.cd.ef')).toMatchObject(offline);
    expect(await api('POST', '/stations/CS-here/certificates/refresh')).toMatchObject({ status: 200, body: { state: 'failed', uses: [{ use: 'CSMSRootCertificate', reason: 'offline' }] } });
  });
});

test('security events are listed page by page, the newest first, by station, type and how bad they are', async () => {
  await database.prisma.station.createMany({ data: [{ tenant, id: 'SE-1' }, { tenant, id: 'SE-2' }] });
  for (let i = 0; i < 5; i++) {
    const critical = i % 2 === 0;
    await database.prisma.securityEvent.create({
      data: { tenant, station: i < 3 ? 'SE-1' : 'SE-2', type: critical ? 'ResetOrReboot' : 'InvalidCsmsCertificate', reported: critical ? 'ResetOrReboot' : 'InvalidCentralSystemCertificate', critical, at: new Date(now.getTime() + i * 1000), info: `${i}`, infoDigest: Buffer.from([i]), epoch: 1, frame: i, receivedAt: now },
    });
  }
  expect((await pages('/security-events', 2)).map((items) => items.map(({ info }) => info))).toEqual([['4', '3'], ['2', '1'], ['0']]);
  expect(await listed('/stations/SE-1/security-events', 'info')).toEqual(['2', '1', '0']);
  expect(await listed('/security-events?station=SE-1&critical=true', 'info')).toEqual(['2', '0']);
  expect(await listed('/security-events?type=InvalidCentralSystemCertificate', 'info')).toEqual(['3', '1']);
  expect(await listed('/security-events?type=InvalidCsmsCertificate&critical=true', 'info')).toEqual([]);
  expect(await listed(`/security-events?from=${new Date(now.getTime() + 1000).toISOString()}&to=${new Date(now.getTime() + 3000).toISOString()}`, 'info')).toEqual(['2', '1']);
  expect((await asStranger('/security-events')).body).toEqual({ items: [], nextCursor: null });
  expect(await api('GET', '/stations/nowhere/security-events')).toMatchObject({ status: 404 });
});
