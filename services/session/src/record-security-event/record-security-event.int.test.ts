import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { frameOf } from '../session-fixture.js';
import { asker, useSession } from '../running-session-fixture.js';
import { ForgetSecurityRecords } from '../forget-security-records/forget-security-records.js';

useSession();

const timestamp = () => new Date(Date.now() - 3_600_000).toISOString();
const says = (station: string, frame: number, payload: object) => asker.call(frameOf(station, 1, frame), 'SecurityEventNotification', payload);
const kept = (station: string) => asker.database.prisma.securityEvent.findMany({ where: { tenant: 'acme', station }, orderBy: { id: 'asc' } });
const empty = { kind: 'result', payload: '{}' };

test('an event is kept in the words of OCPP 2 and in the station\'s own, and told with how bad it is', async () => {
  const at = timestamp();
  expect(await says('CS-1', 1, { type: 'InvalidChargePointCertificate', timestamp: at, techInfo: 'expired' })).toEqual(empty);
  expect(await says('CS-1', 2, { type: 'TamperDetectionActivated', timestamp: at })).toEqual(empty);
  expect(await kept('CS-1')).toMatchObject([
    { type: 'InvalidChargingStationCertificate', reported: 'InvalidChargePointCertificate', critical: false, at: new Date(at), info: 'expired', flags: [] },
    { type: 'TamperDetectionActivated', critical: true, info: null },
  ]);
  expect(await asker.events('CS-1')).toMatchObject([
    { type: 'station.security-event', body: { type: 'InvalidChargingStationCertificate', critical: false, info: 'expired' } },
    { type: 'station.security-event', body: { type: 'TamperDetectionActivated', critical: true } },
  ]);
});

test('an event that comes again, in whatever frame, is kept and told once; another time or text makes another event', async () => {
  const event = { type: 'InvalidMessages', timestamp: timestamp(), techInfo: 'a' };
  await Promise.all([1, 2, 3, 3].map((frame) => says('CS-2', frame, event)));
  await says('CS-2', 4, { ...event, techInfo: 'b' });
  await says('CS-2', 5, { ...event, techInfo: undefined });
  await says('CS-2', 6, { ...event, timestamp: new Date().toISOString() });
  expect((await kept('CS-2')).map(({ info }) => info)).toEqual(['a', 'b', null, 'a']);
  expect(await asker.events('CS-2')).toHaveLength(4);
});

test('events of a wrong clock, without a zone and of nobody\'s list are kept with a remark', async () => {
  expect(await says('CS-3', 1, { type: 'Alien', timestamp: '1970-01-01T00:00:00' })).toEqual(empty);
  expect(await kept('CS-3')).toMatchObject([{ type: 'Alien', critical: false, flags: ['no-time-zone', 'clock-implausible'] }]);
});

test('an event that breaks the schema is refused and not kept, and hurts no other', async () => {
  const [bad, good] = await Promise.all([says('CS-4', 1, { type: 'X', timestamp: timestamp(), techInfo: 'NUL \0' }), says('CS-4', 2, { type: 'ResetOrReboot', timestamp: timestamp() })]);
  expect(bad).toMatchObject({ kind: 'error' });
  expect(good).toEqual(empty);
  expect(await says('CS-4', 3, { type: 'ResetOrReboot' })).toMatchObject({ kind: 'error', code: 'OccurenceConstraintViolation' });
  expect(await kept('CS-4')).toHaveLength(1);
});

test('events, and requests that came to nothing, are forgotten when they are too old', async () => {
  await says('CS-5', 1, { type: 'ResetOrReboot', timestamp: timestamp() });
  await says('CS-5', 2, { type: 'FirmwareUpdated', timestamp: timestamp() });
  await asker.database.prisma.securityEvent.updateMany({ where: { station: 'CS-5', type: 'ResetOrReboot' }, data: { receivedAt: new Date(Date.now() - 11 * 86_400_000) } });
  for (const [state, fingerprint] of [['refused', null], ['accepted', 'ab'], ['superseded', 'cd']] as const) {
    const data = { id: randomUUID(), tenant: 'acme', station: 'CS-5', use: 'ChargingStationCertificate', request: 'x', digest: state, approved: false, epoch: 1, frame: 1 };
    const long = new Date(Date.now() - 11 * 86_400_000);
    await asker.database.prisma.certificateRequest.create({ data: { ...data, state, fingerprint, requestedAt: long, expiresAt: long, nextAttemptAt: long } });
  }
  expect(await new ForgetSecurityRecords(asker.database, 0).run()).toBe(0);
  expect(await new ForgetSecurityRecords(asker.database, 10).run()).toBe(2);
  expect((await asker.database.prisma.certificateRequest.findMany({ where: { station: 'CS-5' } })).map(({ state }) => state).toSorted()).toEqual(['accepted', 'superseded']);
  expect((await kept('CS-5')).map(({ type }) => type)).toEqual(['FirmwareUpdated']);
});
