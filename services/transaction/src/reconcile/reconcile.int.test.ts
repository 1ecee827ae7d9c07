import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  // Nothing is due before a test says so.
  service = await TransactionFixture.open({}, { RECONCILE_GRACE_SECONDS: '3600', RECONCILE_CHECK_SECONDS: '1', RECONCILE_COMPARE_SECONDS: '1' });
  await service.token('DRIVER');
});
afterAll(() => service.close());

const now = Date.now();
const minute = (n: number) => new Date(now - 3_600_000 + n * 60_000);
const heard = (n: number) => ({ receivedAt: minute(n) });

/** A charge that began at minute 0 and was measured at minute 10. */
async function charge(station: string, connectorId = 1): Promise<number> {
  const start = { connectorId, idTag: 'DRIVER', meterStart: 1_000, timestamp: minute(0).toISOString() };
  const { transactionId } = await service.call(station, 'StartTransaction', start, heard(0));
  await measure(station, transactionId, 10, connectorId);
  return transactionId as number;
}

async function measure(station: string, transactionId: unknown, at: number, connectorId = 1, received = at): Promise<void> {
  const meterValue = [{ timestamp: minute(at).toISOString(), sampledValue: [{ value: String(1_000 + at * 100) }] }];
  await service.call(station, 'MeterValues', { connectorId, transactionId, meterValue }, heard(received));
}

/** The last boot of the station was at that minute. */
async function booted(station: string, at: number, registration = 'Accepted'): Promise<void> {
  const key = { tenant: 'acme', id: station };
  const data = { bootedAt: minute(at), registration };
  await service.database.prisma.station.upsert({ where: { tenant_id: key }, create: { ...key, online: true, ...data }, update: data });
}
const doubts = (station: string) => service.database.prisma.transactionDoubt.findMany({ where: { station, settledAt: null }, orderBy: [{ evse: 'asc' }, { cause: 'asc' }] });
const doubted = (station: string, count = 1) => eventually(`${station} is in doubt`, async () => (await doubts(station)).length === count);

/** Resolves when all boots of before were compared with what is open. */
async function compared(witness: string): Promise<void> {
  await charge(witness);
  await booted(witness, 20);
  await doubted(witness);
}

/** The time of grace is over; resolves when what was in doubt is settled. */
async function graceEnds(station: string): Promise<void> {
  await service.database.prisma.transactionDoubt.updateMany({ where: { station, settledAt: null }, data: { dueAt: new Date(0) } });
  await eventually(`the doubts about ${station} are settled`, async () => (await doubts(station)).length === 0);
}

/** What the connector says at that minute. */
async function connector(station: string, at: number, reported: string, evse = 1): Promise<void> {
  const key = { tenant: 'acme', station, evse, connector: 1 };
  const data = { status: ['Available', 'Faulted'].includes(reported) ? reported : 'Occupied', reported, receivedAt: minute(at), epoch: 1n, frame: 1n };
  await service.database.prisma.connector.upsert({ where: { tenant_station_evse_connector: key }, create: { ...key, ...data }, update: data });
}

describe('a charge that is open when its station boots', () => {
  test('ends, after a time of grace, on the last that is known of it, and is told as inferred', async () => {
    const number = await charge('power-cut');
    await booted('power-cut', 20);
    await doubted('power-cut');
    expect(await service.transaction('power-cut')).toMatchObject({ endedAt: null });
    await graceEnds('power-cut');
    expect(await service.transaction('power-cut')).toMatchObject({ endedAt: minute(10), endWh: 2_000, endKind: 'inferred', endCause: 'station-booted' });
    const ended = (await service.events('power-cut')).at(-1);
    expect(ended).toMatchObject({
      type: 'transaction.ended',
      body: { transaction: String(number), endKind: 'inferred', inferred: true, cause: 'station-booted', registerWh: 2_000, energyWh: 1_000 },
    });
  });

  test('and whose end arrives later after all has that end, told as a correction', async () => {
    const number = await charge('late');
    await booted('late', 20);
    await doubted('late');
    await graceEnds('late');
    const stop = { transactionId: number, meterStop: 2_500, timestamp: minute(15).toISOString(), reason: 'PowerLoss' };
    expect(await service.call('late', 'StopTransaction', stop)).toEqual({});
    expect(await service.transaction('late')).toMatchObject({ endedAt: minute(15), endWh: 2_500, endKind: 'reported', stopReason: 'PowerLoss', endInferredAt: expect.any(Date) });
    expect((await service.events('late')).map(({ type }) => type)).toEqual(['transaction.started', 'transaction.ended', 'transaction.corrected']);
  });

  test('and whose end arrives within the time of grace is left as it is', async () => {
    const number = await charge('in-time');
    await booted('in-time', 20);
    await doubted('in-time');
    await service.call('in-time', 'StopTransaction', { transactionId: number, meterStop: 2_500, timestamp: minute(15).toISOString() });
    await graceEnds('in-time');
    expect(await service.transaction('in-time')).toMatchObject({ endKind: 'reported', endWh: 2_500, endInferredAt: null });
  });

  test('stays open where readings of after the boot show that it goes on, and not where old readings arrive late', async () => {
    const goesOn = await charge('goes-on');
    await booted('goes-on', 20);
    await doubted('goes-on');
    await measure('goes-on', goesOn, 25);
    await graceEnds('goes-on');
    expect(await service.transaction('goes-on')).toMatchObject({ endedAt: null });

    const queued = await charge('queued');
    await booted('queued', 20);
    await doubted('queued');
    await measure('queued', queued, 15, 1, 25);
    await graceEnds('queued');
    expect(await service.transaction('queued')).toMatchObject({ endedAt: minute(15), endWh: 2_500, endKind: 'inferred' });
  });

  test('stays open where the connector says that it charges', async () => {
    await charge('resumed');
    await booted('resumed', 20);
    await doubted('resumed');
    await connector('resumed', 21, 'SuspendedEV');
    await graceEnds('resumed');
    expect(await service.transaction('resumed')).toMatchObject({ endedAt: null });
  });

  test('is not judged by a clock that is known to be wrong', async () => {
    // Ten minutes ahead: what says minute 25 was measured at minute 15, before the boot.
    const number = await charge('ahead');
    await service.database.prisma.stationClock.create({ data: { tenant: 'acme', station: 'ahead', since: minute(0), until: minute(0), driftMs: 600_000n, measurements: 3 } });
    await booted('ahead', 20);
    await doubted('ahead');
    await measure('ahead', number, 25);
    await graceEnds('ahead');
    expect(await service.transaction('ahead')).toMatchObject({ endKind: 'inferred', endedAt: minute(25) });
  });

  test('waits as long as the station is away or has hardly come back', async () => {
    await charge('away');
    const station = { tenant: 'acme', id: 'away', online: false };
    await service.database.prisma.station.create({ data: station });
    await booted('away', 20);
    await doubted('away');
    const postpone = async () => {
      await service.database.prisma.transactionDoubt.updateMany({ where: { station: 'away' }, data: { dueAt: new Date(0) } });
      await eventually('the doubt is put off', async () => (await doubts('away'))[0]!.dueAt.getTime() > Date.now());
    };
    await postpone();
    await service.database.prisma.station.updateMany({ where: { id: 'away' }, data: { online: true, connectedAt: new Date() } });
    await postpone();
    expect(await service.transaction('away')).toMatchObject({ endedAt: null });
    await service.database.prisma.station.updateMany({ where: { id: 'away' }, data: { connectedAt: minute(0) } });
    await graceEnds('away');
    expect(await service.transaction('away')).toMatchObject({ endKind: 'inferred' });
  });

  test('is not in doubt for a boot of a station that is not accepted, nor for a boot of before it', async () => {
    await charge('pending');
    await booted('pending', 20, 'Pending');
    await charge('earlier');
    await booted('earlier', -5);
    await compared('pending-witness');
    expect([await doubts('pending'), await doubts('earlier')]).toEqual([[], []]);
  });

  test('is in doubt once for a boot that it has survived, and again for the next one', async () => {
    const number = await charge('survivor');
    await booted('survivor', 20);
    await doubted('survivor');
    await measure('survivor', number, 25);
    await graceEnds('survivor');
    await compared('survivor-witness');
    expect(await doubts('survivor')).toEqual([]);
    await booted('survivor', 30);
    await doubted('survivor');
    await graceEnds('survivor');
    expect(await service.transaction('survivor')).toMatchObject({ endKind: 'inferred', endedAt: minute(25) });
    await eventually('nothing is remembered of it', async () => (await service.database.prisma.transactionDoubt.count({ where: { station: 'survivor' } })) === 0);
    expect((await service.events('survivor')).filter(({ type }) => type === 'transaction.ended')).toHaveLength(1);
  });

  test('of a 2.x station ends alike, unless an event of after the boot shows that it goes on', async () => {
    const event = (transactionId: string, eventType: string, seqNo: number, at: number) => ({
      eventType,
      timestamp: minute(at).toISOString(),
      triggerReason: 'MeterValuePeriodic',
      seqNo,
      transactionInfo: { transactionId, chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
    });
    for (const station of ['v201-lost', 'v201-on']) {
      await service.call(station, 'TransactionEvent', event('t', 'Started', 0, 0), { protocol: 'v201', ...heard(0) });
      await booted(station, 20);
      await doubted(station);
    }
    await service.call('v201-on', 'TransactionEvent', event('t', 'Updated', 1, 25), { protocol: 'v201', ...heard(25) });
    await graceEnds('v201-lost');
    await graceEnds('v201-on');
    expect(await service.transaction('v201-lost')).toMatchObject({ endKind: 'inferred', endedAt: minute(0) });
    expect(await service.transaction('v201-on')).toMatchObject({ endedAt: null });
    await service.call('v201-lost', 'TransactionEvent', event('t', 'Ended', 1, 5), { protocol: 'v201', ...heard(30) });
    expect(await service.transaction('v201-lost')).toMatchObject({ endKind: 'reported', endedAt: minute(5) });
    expect((await service.events('v201-lost')).at(-1)).toMatchObject({ type: 'transaction.corrected' });
  });
});

test('a charge on a connector that its station has not told of is remarked on, one of a station that tells of none is not', async () => {
  await connector('counted', -5, 'Available', 1);
  await connector('silent', -5, 'Available', 0);
  await charge('counted', 1);
  const unknown = await charge('counted', 9);
  await charge('silent', 9);
  const flagged = () => service.database.prisma.transaction.findMany({ where: { flags: { has: 'unknown-connector' } } });
  await eventually('the charge is remarked on', async () => (await flagged()).length > 0);
  expect(await flagged()).toMatchObject([{ number: unknown, evse: 9 }]);
  await charge('at-none', 0);
  expect((await service.transaction('at-none')).flags).toContain('unknown-connector');
});

describe('a charge whose connector says that it is free', () => {
  test('ends if it is still free after the time of grace; another connector’s goes on', async () => {
    const [first, second] = [await charge('free', 1), await charge('free', 2)];
    await connector('free', 20, 'Available');
    await connector('free', 20, 'Faulted', 2);
    await doubted('free');
    expect(await doubts('free')).toMatchObject([{ evse: 1, at: minute(20) }]);
    await graceEnds('free');
    expect(await service.transactions('free')).toMatchObject([
      { number: first, endKind: 'inferred', endCause: 'connector-available', endedAt: minute(10) },
      { number: second, endedAt: null },
    ]);
  });

  test('goes on if the connector is taken again, as after a status that was late', async () => {
    await charge('taken');
    await connector('taken', 20, 'Available');
    await doubted('taken');
    await connector('taken', 22, 'Charging');
    await graceEnds('taken');
    expect(await service.transaction('taken')).toMatchObject({ endedAt: null });
  });

  test('goes on if it is measured all the same', async () => {
    const number = await charge('forgetful');
    await connector('forgetful', 20, 'Available');
    await doubted('forgetful');
    await measure('forgetful', number, 25);
    // It is in doubt again as soon as that is settled, so what is waited for is another time of grace.
    await service.database.prisma.transactionDoubt.updateMany({ where: { station: 'forgetful' }, data: { dueAt: new Date(0) } });
    await eventually('the doubt is settled', async () => (await doubts('forgetful')).every(({ dueAt }) => dueAt.getTime() > 0));
    expect(await service.transaction('forgetful')).toMatchObject({ endedAt: null });
  });

  test('is in no doubt if it began after that was said, nor for the station as a whole', async () => {
    await connector('later', -5, 'Available');
    await connector('later', 20, 'Available', 0);
    await charge('later');
    await charge('witness');
    await connector('witness', 20, 'Available');
    await doubted('witness');
    expect(await doubts('later')).toEqual([]);
  });
});
