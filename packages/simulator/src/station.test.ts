import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CallTimeoutError, ConnectFailedError, NotConnectedError, StationCallError, UpgradeRefusedError } from './errors.js';
import type { SeenFrame } from './station-events.js';
import type { StationOptions } from './station-options.js';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let clock: ManualClock;
const stations: SimulatedStation[] = [];

beforeEach(async () => {
  csms = await TestCsms.listen();
  clock = new ManualClock();
});

afterEach(async () => {
  await Promise.all(stations.splice(0).map((station) => station.disconnect()));
  await csms.close();
});

function make(options: Partial<StationOptions> = {}): SimulatedStation {
  const station = createStation({ url: csms.url, id: 'CP1', protocol: 'ocpp1.6', clock, random: () => 0.5, meterIntervalSeconds: 0, ...options });
  stations.push(station);
  return station;
}

async function online(options: Partial<StationOptions> = {}): Promise<SimulatedStation> {
  const station = make(options);
  await station.connect();
  return station;
}

describe('connecting', () => {
  test('presents identity, password and version', async () => {
    await online({ url: `${csms.url}/tenant-a/`, id: 'DE*CP 1/ä', password: Buffer.from([0xff, 0x00, 0x3a]), autoBoot: false });
    const { url, headers } = csms.upgrades[0] ?? {};
    expect(url).toBe('/ocpp/tenant-a/DE*CP%201%2F%C3%A4');
    expect(headers?.['sec-websocket-protocol']).toBe('ocpp1.6');
    const expected = Buffer.concat([Buffer.from('DE*CP 1/ä:'), Buffer.from([0xff, 0x00, 0x3a])]).toString('base64');
    expect(headers?.authorization).toBe(`Basic ${expected}`);
  });

  test.each([401, 404, 503])('a refusal with HTTP %i is an error that says so, and the station stays away', async (status) => {
    csms.refuseWith = status;
    const refused = await make().connect().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpgradeRefusedError);
    expect(refused).toMatchObject({ status });
    expect(clock.pending).toEqual([]);
  });

  test('a refused station can try again', async () => {
    csms.refuseWith = 401;
    const station = make();
    await expect(station.connect()).rejects.toThrow('401');
    csms.refuseWith = undefined;
    await station.connect();
    expect(station.online).toBe(true);
  });

  test('an endpoint where nobody listens is an error of its own', async () => {
    await expect(make({ url: 'ws://127.0.0.1:1/ocpp' }).connect()).rejects.toThrow(ConnectFailedError);
  });

  test('a pending station keeps booting at the interval it was given, and holds its CALLs', async () => {
    let status = 'Pending';
    csms.on('BootNotification', () => ({ status, currentTime: new Date().toISOString(), interval: 20 }));
    const station = make();
    const accepted = station.connect();
    await eventually('the wait for the next boot', () => clock.pending.includes(20_000));
    expect(station).toMatchObject({ connected: true, online: false });
    const { queued } = await station.startCharge({ evse: 1, token: 'A' });
    expect(queued).toBe(true);
    expect(csms.actions).toEqual(['BootNotification']);
    status = 'Accepted';
    clock.advance(20_000);
    await accepted;
    await csms.received('StartTransaction');
    expect(csms.of('BootNotification')).toHaveLength(2);
  });

  test('without autoBoot only the test speaks', async () => {
    const station = await online({ autoBoot: false });
    expect(station.online).toBe(true);
    await station.call('Heartbeat', {});
    expect(csms.actions).toEqual(['Heartbeat']);
    await station.boot();
    await csms.received('StatusNotification', 2);
    expect(csms.actions.slice(1)).toEqual(['BootNotification', 'StatusNotification', 'StatusNotification']);
  });
});

describe('raw calls', () => {
  test('resolve with the result, and reject with the CALLERROR, a timeout or the loss of the connection', async () => {
    const station = await online({ callTimeoutMs: 700 });
    await csms.received('StatusNotification', 2);
    expect(await station.call('DataTransfer', { vendorId: 'x' })).toEqual({ status: 'Accepted' });

    csms.on('DataTransfer', () => 'InternalError');
    const refused = await station.call('DataTransfer', { vendorId: 'x' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StationCallError);
    expect(refused).toMatchObject({ code: 'InternalError', action: 'DataTransfer' });

    csms.on('DataTransfer', () => undefined);
    const silent = station.call('DataTransfer', { vendorId: 'x' });
    await csms.received('DataTransfer', 3);
    clock.advance(700);
    await expect(silent).rejects.toThrow(CallTimeoutError);

    const cutOff = station.call('DataTransfer', { vendorId: 'x' });
    await csms.received('DataTransfer', 4);
    station.cut();
    await expect(cutOff).rejects.toThrow(NotConnectedError);
    await expect(station.call('Heartbeat', {})).rejects.toThrow(NotConnectedError);
  });

  test('go one at a time', async () => {
    const station = await online({ callTimeoutMs: 700 });
    await csms.received('StatusNotification', 2);
    csms.on('Authorize', () => undefined);
    const first = station.authorize('A').catch((error: unknown) => error);
    const second = station.heartbeat();
    await csms.received('Authorize');
    expect(csms.of('Heartbeat')).toHaveLength(0);
    clock.advance(700);
    await second;
    expect(await first).toBeInstanceOf(CallTimeoutError);
  });

  test('every frame can be watched', async () => {
    const station = make({ autoBoot: false, messageId: () => 'id-1' });
    const frames: SeenFrame[] = [];
    station.on('frame', (frame) => frames.push(frame));
    await station.connect();
    await station.call('DataTransfer', { vendorId: 'x' });
    const at = clock.now();
    expect(frames).toEqual([
      { direction: 'sent', text: '[2,"id-1","DataTransfer",{"vendorId":"x"}]', at },
      { direction: 'received', text: '[3,"id-1",{"status":"Accepted"}]', at },
    ]);
  });
});

describe('a lost connection', () => {
  test('is renewed with waits that double and jitter up to the limit', async () => {
    const station = await online({ reconnect: { minMs: 1_000, maxMs: 5_000 } });
    csms.refuseWith = 503;
    const failures: Error[] = [];
    station.on('connectFailed', (error) => failures.push(error));
    station.cut();
    // The random half is 0.5 here: three quarters of 1, 2, 4, 5 and 5 s.
    for (const [attempt, ms] of [750, 1_500, 3_000, 3_750, 3_750].entries()) {
      await eventually(`the wait of ${ms} ms`, () => clock.pending.includes(ms));
      clock.advance(ms);
      await eventually(`failure ${attempt + 1}`, () => failures.length === attempt + 1);
    }
    csms.refuseWith = undefined;
    clock.advance(3_750);
    await eventually('the station to be back', () => station.online);
    station.cut();
    expect(clock.pending).toContain(750);
  });

  test('does not make the station boot again, and only changes of status are told', async () => {
    const station = await online({ evses: 2 });
    await csms.received('StatusNotification', 3);
    csms.cut();
    await eventually('the loss', () => !station.online);
    await station.plugIn(2);
    clock.advance(1_000);
    expect(await csms.received('StatusNotification', 4)).toMatchObject({ connection: 2, payload: { connectorId: 2, status: 'Preparing' } });
    await station.dataTransfer('barrier');
    expect(csms.of('BootNotification')).toHaveLength(1);
    expect(csms.of('StatusNotification')).toHaveLength(4);
  });

  test('is left alone after disconnect', async () => {
    const station = await online();
    await station.disconnect();
    await eventually('the socket to close', () => csms.openSockets === 0);
    expect(clock.pending).toEqual([]);
  });

  test('by a loss of power ends the charge after the next boot', async () => {
    const station = await online();
    await station.startCharge({ evse: 1, token: 'A' });
    station.cut({ powerLoss: true });
    clock.advance(1_000);
    expect((await csms.received('StopTransaction')).payload).toMatchObject({ reason: 'PowerLoss' });
    expect(csms.of('BootNotification')).toHaveLength(2);
  });
});

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
    expect(station.acknowledged[0]).toMatchObject({ payload: { idTag: 'A' }, messageId: csms.of('StartTransaction')[0]?.id, at: clock.now() });
    await station.disconnect();
    expect(await stopped).toBeInstanceOf(NotConnectedError);
    expect(station.queued).toBe(1);
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
