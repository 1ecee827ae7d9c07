import { expect, test } from '@jest/globals';
import { makeRequest } from '@ohmnibus/pki';
import { frameOf } from '../session-fixture.js';
import { asker, useSession } from '../running-session-fixture.js';

/** Nothing is signed before somebody says so. */
useSession({ CERTIFICATE_SIGNING: 'manual', CERTIFICATE_REQUESTS_PER_DAY: '4' });

let made = 0;

async function newStation(names: { id?: string; serialNumber?: string; certificateName?: string } = {}): Promise<string> {
  const id = names.id ?? `CS-${++made}`;
  await asker.database.prisma.station.create({ data: { tenant: 'acme', ...names, id } });
  return id;
}

const csr = async (commonName: string) => (await makeRequest({ commonName })).request;
const states = async (station: string) => (await asker.database.prisma.certificateRequest.findMany({ where: { station }, orderBy: { frame: 'asc' } })).map(({ state }) => state);

async function asks(station: string, frame: number, request: string): Promise<unknown> {
  const reply = await asker.call(frameOf(station, 1, frame), 'SignCertificate', { csr: request });
  if (reply.kind !== 'result') throw new Error(JSON.stringify(reply));
  return (JSON.parse(reply.payload) as { status: unknown }).status;
}

test('a station gets no certificate with a name that an operator has given to another one, be it its serial number or its identity', async () => {
  await newStation({ certificateName: 'SN-1' });
  expect(await asks(await newStation({ serialNumber: 'SN-1' }), 1, await csr('SN-1'))).toBe('Rejected');
  await newStation({ certificateName: 'SN-2' });
  expect(await asks(await newStation({ id: 'SN-2' }), 1, await csr('SN-2'))).toBe('Rejected');
});

test('what another station reports as its serial number keeps nobody from his own identity', async () => {
  const station = await newStation();
  await newStation({ serialNumber: station });
  expect(await asks(station, 1, await csr(station))).toBe('Accepted');
});

test('so many requests are kept within a day, be they good or not; a repetition is none', async () => {
  const station = await newStation();
  const [first, second, third] = await Promise.all([csr(station), csr(station), csr(station)]);
  expect(await asks(station, 1, 'rubbish')).toBe('Rejected');
  expect(await asks(station, 2, first)).toBe('Accepted');
  expect(await asks(station, 3, 'other rubbish')).toBe('Rejected');
  expect(await asks(station, 4, second)).toBe('Accepted');
  expect(await asks(station, 5, third)).toBe('Rejected');
  expect(await asks(station, 6, 'more rubbish')).toBe('Rejected');
  expect(await asks(station, 7, second)).toBe('Accepted');
  expect(await asks(station, 4, second)).toBe('Accepted');
  expect(await states(station)).toEqual(['refused', 'superseded', 'refused', 'pending']);
  const another = await newStation();
  expect(await asks(another, 1, await csr(another))).toBe('Accepted');

  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await asker.database.prisma.certificateRequest.updateMany({ where: { station, frame: 1 }, data: { requestedAt: yesterday } });
  expect(await asks(station, 8, third)).toBe('Accepted');
  expect(await states(station)).toEqual(['refused', 'superseded', 'refused', 'superseded', 'pending']);
});

test('a station that was deleted meanwhile is given nothing', async () => {
  expect(await asks('CS-GONE', 1, await csr('CS-GONE'))).toBe('Rejected');
  expect(await states('CS-GONE')).toEqual(['refused']);
});
