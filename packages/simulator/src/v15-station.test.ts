import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let clock: ManualClock;
let station: SimulatedStation;

beforeEach(async () => {
  csms = await TestCsms.listen();
  csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: new Date().toISOString(), heartbeatInterval: 300 }));
  clock = new ManualClock();
  station = createStation({ url: csms.url, id: 'CP-15', protocol: 'ocpp1.5', clock, random: () => 0.5 });
  await station.connect();
});

afterEach(async () => {
  await station.disconnect();
  await csms.close();
});

test('a 1.5 station finds the time between heartbeats under its own name', async () => {
  clock.advance(299_999);
  await station.dataTransfer('barrier');
  expect(csms.of('Heartbeat')).toHaveLength(0);
  clock.advance(1);
  await csms.received('Heartbeat');
});

test('a 1.5 station that is refused asks again after that time', async () => {
  csms.on('BootNotification', () => ({ status: 'Rejected', currentTime: new Date().toISOString(), heartbeatInterval: 20 }));
  await station.boot();
  clock.advance(20_000);
  expect((await csms.received('BootNotification', 3)).connection).toBe(1);
});

test('a charge in 1.5 is told by its own words', async () => {
  await station.plugIn(1);
  await station.startCharge({ evse: 1, token: 'RFID-1' });
  clock.advance(60_000);
  await station.stopCharge({ evse: 1, transactionData: true });
  await station.unplug(1);
  await station.reportStatus(1, 'Faulted');

  const reports = csms.of('StatusNotification').filter(({ payload }) => payload['connectorId'] === 1);
  expect(reports.map(({ payload }) => payload['status'])).toEqual(['Available', 'Occupied', 'Available', 'Faulted']);
  const value = (wh: unknown, context: string) => [
    { value: wh, context, format: 'Raw', measurand: 'Energy.Active.Import.Register', location: 'Outlet', unit: 'Wh' },
    { value: expect.any(String), context, format: 'Raw', measurand: 'Power.Active.Import', location: 'Outlet', unit: 'W' },
    { value: expect.any(String), context, format: 'Raw', measurand: 'Temperature', location: 'Body', unit: 'Celsius' },
  ];
  const ended = csms.of('StopTransaction')[0]!.payload;
  const meterStop = ended['meterStop'] as number;
  const [began, over] = ['2025-01-01T00:00:00.000Z', '2025-01-01T00:01:00.000Z'];
  expect(csms.of('MeterValues')[0]?.payload).toEqual({
    connectorId: 1,
    transactionId: 1001,
    values: [{ timestamp: over, value: value(String(meterStop), 'Sample.Periodic') }],
  });
  expect(ended).toEqual({
    transactionId: 1001,
    idTag: 'RFID-1',
    meterStop,
    timestamp: over,
    transactionData: [
      {
        values: [
          { timestamp: began, value: value('0', 'Transaction.Begin') },
          { timestamp: over, value: value(String(meterStop), 'Transaction.End') },
        ],
      },
    ],
  });
});

test('a reading outside a charge is written alike', async () => {
  await station.reportMeter(1);
  expect(csms.of('MeterValues')[0]?.payload).toMatchObject({ connectorId: 1, values: [{ value: [{ value: '0' }, {}, {}] }] });
});

test('a 1.5 station unlocks with yes or no, and has never heard of TriggerMessage', async () => {
  expect((await csms.call('UnlockConnector', { connectorId: 1 }))[2]).toEqual({ status: 'Accepted' });
  expect((await csms.call('UnlockConnector', { connectorId: 9 }))[2]).toEqual({ status: 'Rejected' });
  expect((await csms.call('TriggerMessage', { requestedMessage: 'Heartbeat' }))[2]).toBe('NotImplemented');
  const { configurationKey } = (await csms.call('GetConfiguration', {}))[2] as { configurationKey: { key: string; value: string }[] };
  expect(configurationKey).toContainEqual({ key: 'HeartBeatInterval', readonly: false, value: '300' });
  expect(configurationKey.map(({ key }) => key)).not.toContain('SupportedFeatureProfiles');
});
