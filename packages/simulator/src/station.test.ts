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
  const station = createStation({ url: csms.url, id: 'CP1', protocol: 'ocpp1.6', clock, random: () => 0.5, ...options });
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

  test('by a loss of power that takes the memory with it leaves the charge without an end', async () => {
    const station = await online();
    await station.startCharge({ evse: 1, token: 'A' });
    station.cut({ powerLoss: true, forgetful: true });
    clock.advance(1_000);
    await eventually('the station is back', () => station.online);
    await station.dataTransfer('barrier');
    expect(csms.of('BootNotification')).toHaveLength(2);
    expect(csms.of('StopTransaction')).toHaveLength(0);
    expect([station.queued, station.status.get(1)]).toEqual([0, 'Preparing']);
    await station.startCharge({ evse: 1, token: 'A' });
    expect(csms.of('StartTransaction')).toHaveLength(2);
  });
});
