import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CallTimeoutError, NotConnectedError, StationCallError } from './errors.js';
import type { StationOptions } from './station-options.js';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let clock: ManualClock;
let made: SimulatedStation | undefined;

beforeEach(async () => {
  csms = await TestCsms.listen();
  clock = new ManualClock();
});

afterEach(async () => {
  await made?.disconnect();
  await csms.close();
});

async function online(options: Partial<StationOptions> = {}): Promise<SimulatedStation> {
  made = createStation({ url: csms.url, id: 'CP1', protocol: 'ocpp1.6', clock, random: () => 0.5, meterIntervalSeconds: 0, ...options });
  await made.connect();
  return made;
}

describe('facts of transactions', () => {
  test('queue while offline and are replayed in order with the id that the CSMS gives', async () => {
    const station = await online();
    station.cut();
    const first = await station.startCharge({ evse: 1, token: 'A' });
    expect(first).toMatchObject({ queued: true, transactionId: expect.any(String) });
    clock.advance(100);
    await station.reportMeter(1);
    await station.stopCharge({ evse: 1 });
    await station.startCharge({ evse: 1, token: 'B' });
    expect(station.queued).toBe(4);
    clock.advance(900);
    await csms.received('StartTransaction', 2);
    const replayed = csms.calls.filter(({ action }) => /Transaction|Meter/.test(action));
    expect(replayed.map(({ action }) => action)).toEqual(['StartTransaction', 'MeterValues', 'StopTransaction', 'StartTransaction']);
    expect(replayed.slice(1, 3).map(({ payload }) => payload['transactionId'])).toEqual([1001, 1001]);
    expect(replayed[0]?.payload['timestamp']).toBe('2025-01-01T00:00:00.000Z');
  });

  test('cut off before their answer go again with a new message id and the same payload', async () => {
    const station = await online({ ledger: true });
    csms.on('StartTransaction', () => undefined);
    const started = station.startCharge({ evse: 1, token: 'A' });
    const first = await csms.received('StartTransaction');
    station.cut();
    csms.on('StartTransaction', () => ({ transactionId: 77, idTagInfo: { status: 'Accepted' } }));
    clock.advance(1_000);
    expect(await started).toMatchObject({ transactionId: 77, queued: false });
    const second = csms.of('StartTransaction')[1];
    expect(second?.connection).toBe(2);
    expect(second?.payload).toEqual(first.payload);
    expect(second?.id).not.toBe(first.id);
    expect(station.acknowledged.map(({ messageId }) => messageId)).toEqual([second?.id]);
  });

  test('unanswered in time go again, ahead of all that follow', async () => {
    const station = await online({ callTimeoutMs: 700 });
    await station.startCharge({ evse: 1, token: 'A' });
    csms.on('MeterValues', () => undefined);
    const metered = station.reportMeter(1);
    const stopped = station.stopCharge({ evse: 1 });
    await csms.received('MeterValues');
    clock.advance(700);
    await csms.received('MeterValues', 2);
    expect(csms.of('StopTransaction')).toHaveLength(0);
    csms.on('MeterValues', () => ({}));
    clock.advance(700);
    await Promise.all([metered, stopped]);
    const [a, b, c] = csms.of('MeterValues');
    expect(new Set([a?.id, b?.id, c?.id]).size).toBe(3);
    expect(c?.payload).toEqual(a?.payload);
  });

  test('answered with a CALLERROR go again after growing waits, then are given up', async () => {
    const station = await online({ transactionMessages: { attempts: 3, retryIntervalMs: 200 } });
    csms.on('StartTransaction', () => 'InternalError');
    const started = station.startCharge({ evse: 1, token: 'A' }).catch((error: unknown) => error);
    for (const ms of [200, 400]) {
      await eventually(`the wait of ${ms} ms`, () => clock.pending.includes(ms));
      clock.advance(ms);
    }
    expect(await started).toBeInstanceOf(StationCallError);
    expect(csms.of('StartTransaction')).toHaveLength(3);
    expect(station.queued).toBe(0);
    expect(station.status.get(1)).toBe('Preparing');
  });

  test('of a charge whose queued start was given up name transaction -1', async () => {
    const station = await online({ transactionMessages: { attempts: 1 } });
    csms.on('StartTransaction', () => 'InternalError');
    station.cut();
    await station.startCharge({ evse: 1, token: 'A' });
    await station.stopCharge({ evse: 1 });
    clock.advance(1_000);
    expect((await csms.received('StopTransaction')).payload).toMatchObject({ transactionId: -1 });
  });

  test('are kept in the ledger once acknowledged, and nothing else is', async () => {
    const station = await online({ ledger: true });
    await station.authorize('A');
    const { transactionId } = await station.startCharge({ evse: 1, token: 'A' });
    await station.reportMeter(1);
    csms.on('StopTransaction', () => undefined);
    const stopped = station.stopCharge({ evse: 1 }).catch((error: unknown) => error);
    await csms.received('StopTransaction');
    expect(station.acknowledged.map(({ action, result }) => [action, result])).toEqual([
      ['StartTransaction', { transactionId, idTagInfo: { status: 'Accepted' } }],
      ['MeterValues', {}],
    ]);
    const messageId = csms.of('StartTransaction')[0]?.id;
    expect(station.acknowledged[0]).toMatchObject({ payload: { idTag: 'A' }, messageId, at: clock.now() });
    await station.disconnect();
    expect(await stopped).toBeInstanceOf(NotConnectedError);
    expect(station.queued).toBe(1);
  });

  test('pause with a clean disconnect, without a timer left behind, and go on after the next connect', async () => {
    const station = await online({ meterIntervalSeconds: 10 });
    await station.startCharge({ evse: 1, token: 'A' });
    await station.disconnect();
    expect(clock.pending).toEqual([]);
    expect(station.status.get(1)).toBe('Charging');
    await station.connect();
    clock.advance(10_000);
    expect((await csms.received('MeterValues')).payload).toMatchObject({ transactionId: 1001 });
  });

  test('acknowledged too late are in the ledger all the same', async () => {
    const station = await online({ ledger: true, callTimeoutMs: 700, autoBoot: false });
    csms.on('MeterValues', () => undefined);
    const late = station.call('MeterValues', { connectorId: 1, meterValue: [] }).catch((error: unknown) => error);
    const { id } = await csms.received('MeterValues');
    clock.advance(700);
    expect(await late).toBeInstanceOf(CallTimeoutError);
    csms.answer(id, {});
    await eventually('the ledger', () => station.acknowledged.length === 1);
    expect(station.acknowledged[0]).toMatchObject({ action: 'MeterValues', messageId: id });
  });
});
