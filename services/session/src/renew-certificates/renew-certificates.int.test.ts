import { expect, test } from '@jest/globals';
import type { RenewCertificateCommand } from '@ohmnibus/contracts';
import { randomUUID } from 'node:crypto';
import { silent } from '../session-fixture.js';
import { asker, useStores } from '../stores-fixture.js';
import { RenewCertificates } from './renew-certificates.js';

const now = new Date('2026-11-22T12:00:00Z');
const day = (n: number) => new Date(now.getTime() + n * 86_400_000);
let told: RenewCertificateCommand[] = [];

useStores();

async function round(at: Date, fail = false): Promise<string[]> {
  told = [];
  const renew = async (command: RenewCertificateCommand) => {
    told.push(command);
    if (fail) throw new Error('nobody there');
    return { id: randomUUID(), state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } as const;
  };
  await new RenewCertificates(asker.database, renew, 30, { now: () => at }, silent).run();
  return told.map(({ station }) => station).toSorted();
}

async function certificate(station: string, notAfter: Date, more: { state?: string; revokedAt?: Date; requestedAt?: Date } = {}): Promise<void> {
  const data = { id: randomUUID(), tenant: 'acme', station, use: 'ChargingStationCertificate', request: 'x', digest: randomUUID(), state: 'accepted', approved: true };
  const times = { requestedAt: day(-300), expiresAt: day(-299), nextAttemptAt: day(-300), notAfter };
  await asker.database.prisma.certificateRequest.create({ data: { ...data, ...times, epoch: 1, frame: 1, ...more } });
}

test('stations whose certificates end soon are told, once a day, while they are online', async () => {
  const online = ['soon', 'later', 'over', 'revoked', 'renewed', 'renewing', 'rejected'];
  for (const id of [...online, 'offline']) await asker.database.prisma.station.create({ data: { tenant: 'acme', id, online: id !== 'offline' } });
  await certificate('soon', day(29));
  await certificate('later', day(31));
  await certificate('over', day(-1));
  await certificate('revoked', day(29), { revokedAt: now });
  await certificate('renewed', day(29));
  await certificate('renewed', day(300), { requestedAt: day(-1) });
  await certificate('renewing', day(29));
  await certificate('renewing', day(300), { requestedAt: day(-1), state: 'signed' });
  await certificate('rejected', day(29));
  await certificate('rejected', day(300), { requestedAt: day(-1), state: 'rejected' });
  await certificate('offline', day(29));

  expect(await round(now)).toEqual(['rejected', 'soon']);
  expect(told[0]).toMatchObject({ tenant: 'acme', use: 'ChargingStationCertificate' });
  expect(await round(now)).toEqual([]);
  await asker.database.prisma.station.updateMany({ where: { id: 'offline' }, data: { online: true } });
  expect(await round(new Date(now.getTime() + 3_600_000))).toEqual(['offline']);
  expect(await round(day(1.5), true)).toEqual(['later', 'offline', 'rejected', 'soon']);
});

test('nobody is told if that is switched off', async () => {
  const off = new RenewCertificates(asker.database, () => Promise.reject(new Error('never')), 0, { now: () => now }, silent);
  expect(await off.run()).toBe(0);
});
