import { describe, expect, test } from '@jest/globals';
import type { CommandAnswer } from '@ohmnibus/contracts';
import type { SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { protocols } from '../stations.js';
import { StoryClock } from '../story-clock.js';

interface Transaction extends Record<string, unknown> {
  readonly id: string;
  readonly wireId: string;
  readonly startedAt: string;
}
type Sample = { readonly at: string; readonly values: readonly { readonly value?: number; readonly measurand?: string }[] };

useSystem();

async function transactions(station: string, open: boolean): Promise<Transaction[]> {
  const { status, body } = await system.rest<{ items: Transaction[] }>('GET', `/transactions?station=${station}&open=${open}`);
  expect(status).toBe(200);
  return body.items;
}

/** The charge that has begun, once it is on record. */
const begun = (station: string) => eventually('the charge is on record as open', async () => (await transactions(station, true))[0]);
const ended = (station: string, count: number) =>
  eventually(`${count} charges are on record as ended`, async () => {
    const all = await transactions(station, false);
    return all.length === count ? all : undefined;
  });

async function byRest(station: string, verb: 'start' | 'stop', body: object): Promise<CommandAnswer> {
  const answer = await system.rest<CommandAnswer>('POST', `/stations/${station}/${verb}`, body);
  expect(answer.status).toBe(200);
  return answer.body;
}

const accepted = { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } };

/** Half an hour of charging, with readings on the way. */
async function charge(station: SimulatedStation, clock: StoryClock): Promise<void> {
  await eventually('the car charges', () => station.status.get(1) === 'Charging');
  for (let reading = 0; reading < 2; reading++) {
    clock.advanceSeconds(600);
    await station.reportMeter(1);
  }
  clock.advanceSeconds(600);
}

/** What is left of a record without ids and times, and without what 1.6 has no words for. */
function essence({ id, wireId, station, protocol, startedAt, endedAt, times, tokenKind, chargingState, remoteStartId, ...rest }: Transaction): object {
  expect(times).toMatchObject({ start: { reported: startedAt, corrected: null }, end: { reported: endedAt, corrected: null } });
  expect([id, wireId, station, protocol, startedAt, endedAt]).toEqual(Array.from({ length: 6 }, () => expect.stringMatching(/./)));
  expect([tokenKind, chargingState, remoteStartId].map((field) => typeof field)).not.toContain('undefined');
  return rest;
}

/** What the register showed, by seconds since the start. */
async function readings({ id, startedAt }: Transaction): Promise<[second: number, wh: number][]> {
  const { body } = await system.rest<{ items: Sample[] }>('GET', `/transactions/${id}/samples`);
  const read = body.items.map(({ at, values }): [number, number] => {
    const register = values.find(({ measurand }) => measurand === undefined);
    return [(Date.parse(at) - Date.parse(startedAt)) / 1000, register?.value ?? NaN];
  });
  // 2.0.1 says once more what the meter shows when the power comes on.
  return [...new Map(read)];
}

/** 1.5 does not say why a charge has ended. */
const stopReason = (protocol: string) => (protocol === 'ocpp1.5' ? null : 'Remote');

const told = new Map<string, { records: object[]; readings: unknown[] }>();

describe.each(protocols)('a charge of a station that speaks %s', (protocol) => {
  const id = `STORY-${protocol}`;
  const clock = new StoryClock(Date.now() - 2 * 3_600_000);
  let station: SimulatedStation;

  test('begins with a station that boots and tells how its connectors are', async () => {
    expect((await system.rest('PUT', `/stations/${id}`, {})).status).toBe(201);
    for (const token of [`CAR-1-${protocol}`, `CAR-2-${protocol}`]) {
      expect((await system.rest('PUT', `/tokens/${token}`, { status: 'Accepted' })).status).toBe(201);
    }
    station = stations.make('gateway-1', { id, protocol, clock, random: () => 0.5 });
    await station.connect();
    const connector = { evse: 1, connector: 1, status: 'Available' };
    await eventually('the station is online and available', async () => {
      const { body } = await system.rest('GET', `/stations/${id}`);
      expect(body).toMatchObject({ id, online: true, registration: 'Accepted', vendor: 'Ohmnibus', connectors: expect.arrayContaining([expect.objectContaining(connector)]) });
      return true;
    });
  });

  test('is started over REST and stopped over NATS', async () => {
    await station.plugIn(1);
    expect(await byRest(id, 'start', { token: `CAR-1-${protocol}`, evse: 1 })).toMatchObject(accepted);
    const { wireId } = await begun(id);
    await charge(station, clock);
    expect(await operator.stop(id, wireId)).toMatchObject(accepted);
    await ended(id, 1);
    await station.unplug(1);
  });

  test('is started over NATS and stopped over REST', async () => {
    clock.advanceSeconds(60);
    await station.plugIn(1);
    expect(await operator.start(id, `CAR-2-${protocol}`, 1)).toMatchObject(accepted);
    const { id: transaction } = await begun(id);
    await charge(station, clock);
    expect(await byRest(id, 'stop', { transaction })).toMatchObject(accepted);
    const both = await ended(id, 2);
    await station.unplug(1);
    told.set(protocol, { records: both.map((record) => essence({ ...record, token: String(record['token']).replace(`-${protocol}`, '') })), readings: await Promise.all(both.map(readings)) });
  });

  test('ends with energy on the record, in the same words as ever', () => {
    const { records, readings: curves } = told.get(protocol)!;
    expect(records).toMatchObject([
      { token: 'CAR-2', evse: 1, connector: 1, open: false, endKind: 'reported', stopReason: stopReason(protocol), authorization: 'Accepted', flags: [] },
      { token: 'CAR-1', evse: 1, connector: 1, open: false, endKind: 'reported', stopReason: stopReason(protocol), authorization: 'Accepted', flags: [], startWh: 0 },
    ]);
    for (const [i, curve] of (curves as [number, number][][]).entries()) {
      expect(curve.map(([second]) => second)).toEqual([0, 600, 1200, 1800]);
      const [first, last] = [curve[0]![1], curve[3]![1]];
      expect(records[i]).toMatchObject({ startWh: first, endWh: last, energyWh: last - first });
      expect(last - first).toBeGreaterThan(4_000);
    }
  });
});

test('every version ends in equal records', () => {
  const known = told.get('ocpp1.6')!;
  expect(told.get('ocpp2.0.1')).toEqual(known);
  expect(told.get('ocpp1.5')).toEqual({ ...known, records: known.records.map((record) => ({ ...record, stopReason: stopReason('ocpp1.5') })) });
});

test('and the invariants hold, while the stations are there and when they are gone', async () => {
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  await stations.disconnect();
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
});
