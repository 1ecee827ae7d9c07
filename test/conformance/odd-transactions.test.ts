import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../invariants/ledger.js';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';

const now = () => new Date().toISOString();
type Payload = Record<string, unknown>;

const sockets = new Map<string, RawSocket>();
const ledgers: Ledger[] = [];

afterAll(async () => {
  for (const socket of sockets.values()) await socket.close();
});
useSystem({ only: ['session', 'transaction', 'gateway-1'], env: { transaction: { RECONCILE_COMPARE_SECONDS: '1' } } });
beforeAll(async () => {
  await operator.accepts('TAG-ocpp1.5', 'TAG-ocpp1.6');
});

const record = async (number: number) => (await operator.rows('SELECT station, ended_at, end_kind, end_wh, stop_reason, flags FROM transaction WHERE number = $1', number))[0];

/** How each version writes the values of a moment, and what it means by a stop without a reason. */
const dialects = {
  'ocpp1.5': { readings: (timestamp: string, ...values: object[]) => ({ values: [{ timestamp, value: values }] }), noReason: null },
  'ocpp1.6': { readings: (timestamp: string, ...values: object[]) => ({ meterValue: [{ timestamp, sampledValue: values }] }), noReason: 'Local' },
};

describe.each(['ocpp1.5', 'ocpp1.6'] as const)('in %s', (protocol) => {
  const id = `ODD-${protocol}`;
  const { readings, noReason } = dialects[protocol];
  const facts: Ledger['facts'][number][] = [];
  let socket: RawSocket;

  beforeAll(async () => {
    await operator.knows(id, `NEIGHBOUR-${protocol}`);
    socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/${id}`, { protocols: [protocol] });
    sockets.set(id, socket);
    ledgers.push({ station: id, facts });
    for (const connectorId of [0, 1, 2, 3, 4, 5]) await socket.call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available' });
  });

  /** The payload of the result; a CALLERROR would make a station repeat itself for ever. */
  async function result(action: string, payload: Payload, by?: RawSocket): Promise<Payload> {
    const [type, , answer] = await (by ?? socket).call(action, payload);
    expect({ action, payload, type }).toEqual({ action, payload, type: 3 });
    if (!by) facts.push({ action, payload, result: answer as Payload });
    return answer as Payload;
  }

  const begin = async (change: Payload = {}) => Number((await result('StartTransaction', { connectorId: 1, idTag: `TAG-${protocol}`, meterStart: 100, timestamp: now(), ...change }))['transactionId']);
  const end = (transactionId: number, change: Payload = {}) => result('StopTransaction', { transactionId, meterStop: 200, timestamp: now(), ...change });

  /** The operations of this station's reports that wait for an operator. */
  async function quarantined(wanted: (report: { transaction?: { number?: number }; evse?: { evse: number } }) => boolean): Promise<string[]> {
    const rows = await operator.rows<{ operation: string; report: Parameters<typeof wanted>[0] }>('SELECT operation, report FROM quarantine WHERE station = $1', id);
    return rows.filter(({ report }) => wanted(report)).map(({ operation }) => operation).toSorted();
  }

  test('a number is positive, of 32 bits, and given to a refused driver as well (16 4.8)', async () => {
    const number = await begin({ idTag: 'STRANGER' });
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThan(2 ** 31);
    await end(number);
  });

  test('a repeated start gets the number of the first, a repeated stop changes nothing', async () => {
    const start = { timestamp: now(), meterStart: 5 };
    const number = await begin(start);
    expect(await begin(start)).toBe(number);
    const stop = { timestamp: now(), meterStop: 10 };
    await end(number, stop);
    await end(number, stop);
    await end(number, { meterStop: 999 });
    expect(await record(number)).toMatchObject({ end_wh: 10, stop_reason: noReason });
  });

  test.each([
    ['in 1970', '1970-01-01T00:00:00Z', 'clock-implausible'],
    ['in 2036', '2036-02-07T06:28:16Z', 'clock-implausible'],
    ['without a zone', '2026-11-01T10:00:00.123456', 'no-time-zone'],
  ])('a charge by a clock %s is answered, stored and flagged', async (_name, timestamp, flag) => {
    const number = await begin({ timestamp, connectorId: 2 });
    await result('MeterValues', { connectorId: 2, transactionId: number, ...readings(timestamp, { value: '1' }) });
    await end(number, { timestamp });
    expect(await record(number)).toMatchObject({ end_kind: 'reported', flags: expect.arrayContaining([flag]) });
    // The ledger compares moments, which a time without a zone does not tell.
    if (flag === 'no-time-zone') facts.splice(-3);
  });

  test('an end before the start and a falling meter are answered, stored and flagged', async () => {
    const number = await begin({ connectorId: 3 });
    await end(number, { meterStop: 50, timestamp: new Date(Date.now() - 60_000).toISOString() });
    expect(await record(number)).toMatchObject({ flags: ['ended-before-start', 'energy-decreased'], end_wh: 50 });
  });

  test.each([-1, 0, 4_711, 2_147_483_647, 2_147_483_648, 2 ** 40, -(2 ** 40)])('stop and readings of transaction %i, which is not ours, are answered as if they were (16e 3.18)', async (transactionId) => {
    expect(await end(transactionId)).toEqual({});
    expect(await result('MeterValues', { connectorId: 1, transactionId, ...readings(now(), { value: '1' }) })).toEqual({});
    expect(await quarantined(({ transaction }) => transaction?.number === transactionId)).toEqual(['recordSamples', 'recordTransaction']);
  });

  test.each([0, 99])('a charge on connector %i, which the station has not told of, is answered, stored and flagged', async (connectorId) => {
    const number = await begin({ connectorId });
    expect(number).toBeGreaterThan(0);
    expect(await result('MeterValues', { connectorId, transactionId: number, ...readings(now(), { value: '1' }) })).toEqual({});
    await eventually('the charge is flagged', async () => ((await record(number))!['flags'] as string[]).includes('unknown-connector'));
    await end(number);
  });

  test.each([2 ** 31, 2 ** 40])('a charge on connector %i, which no station can have, is answered and kept for somebody to look at', async (connectorId) => {
    const [type, , { transactionId }] = (await socket.call('StartTransaction', { connectorId, idTag: `TAG-${protocol}`, meterStart: 1, timestamp: now() })) as [number, string, { transactionId: number }];
    const [other] = await socket.call('MeterValues', { connectorId, ...readings(now(), { value: '1' }) });
    expect([type, other]).toEqual([3, 3]);
    expect(transactionId).toBeGreaterThan(0);
    expect(await quarantined(({ evse }) => evse?.evse === connectorId)).toEqual(['recordSamples', 'recordTransaction']);
  });

  test('a stop that names another station\'s transaction stops nothing', async () => {
    const number = await begin({ connectorId: 4 });
    const neighbour = await RawSocket.open(`${system.ocppUrl('gateway-1')}/NEIGHBOUR-${protocol}`, { protocols: [protocol] });
    expect(await result('StopTransaction', { transactionId: number, meterStop: 1, timestamp: now() }, neighbour)).toEqual({});
    await neighbour.close();
    expect(await record(number)).toMatchObject({ station: id, ended_at: null });
    await end(number);
  });

  test('a new start on a connector ends the charge that is open there, until its own stop arrives', async () => {
    const first = await begin({ connectorId: 5, timestamp: new Date(Date.now() - 60_000).toISOString() });
    const second = await begin({ connectorId: 5 });
    expect(await record(first)).toMatchObject({ end_kind: 'inferred' });
    await end(first, { meterStop: 150 });
    expect(await record(first)).toMatchObject({ end_kind: 'reported', end_wh: 150 });
    await end(second);
  });

  test('a reading of the main meter, and one that is no number, are kept', async () => {
    const at = now();
    await result('MeterValues', { connectorId: 0, ...readings(at, { value: 'n/a' }, { value: '1e400' }, { value: '22', unit: 'Celcius', measurand: 'Temperature' }) });
    const [row] = await operator.rows('SELECT evse, transaction, samples::json AS samples FROM sample WHERE station = $1 AND at = $2', id, at);
    const values = [{ raw: 'n/a' }, { raw: '1e400' }, { value: 22, unit: 'Celsius', measurand: 'Temperature' }];
    expect(row).toMatchObject({ evse: 0, transaction: 0, samples: [{ values }] });
  });
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: ledgers, frames: [...sockets].map(([id, socket]) => socket.recording(id)) });
  expect(system.defects()).toEqual([]);
});
