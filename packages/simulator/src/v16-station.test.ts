import { describe, expect, test } from '@jest/globals';
import { noAnswer } from './rpc/inbound-calls.js';
import { CallError } from './errors.js';
import { eventually } from './test-support/eventually.js';
import { clock, csms, station, useStation } from './test-support/station-in-use.js';

useStation({ id: 'CP-16', protocol: 'ocpp1.6', evses: 2, restartMs: 500 });

function statuses(connectorId: number): unknown[] {
  const reports = csms.of('StatusNotification').filter(({ payload }) => payload['connectorId'] === connectorId);
  return reports.map(({ payload }) => payload['status']);
}

describe('a 1.6 station that boots', () => {
  test('tells who it is, then how the station and each connector are', async () => {
    await csms.received('StatusNotification', 3);
    expect(csms.actions).toEqual(['BootNotification', 'StatusNotification', 'StatusNotification', 'StatusNotification']);
    expect(csms.calls[0]?.payload).toMatchObject({ chargePointVendor: 'Ohmnibus', chargePointModel: 'Simulator' });
    expect(csms.calls.slice(1).map(({ payload }) => payload['connectorId'])).toEqual([0, 1, 2]);
    const timestamp = '2025-01-01T00:00:00.000Z';
    expect(csms.calls[1]?.payload).toEqual({ connectorId: 0, errorCode: 'NoError', status: 'Available', timestamp });
  });

  test('sends heartbeats at the interval that the CSMS named', async () => {
    clock.advance(299_999);
    await station.dataTransfer('barrier');
    expect(csms.of('Heartbeat')).toHaveLength(0);
    clock.advance(1);
    await csms.received('Heartbeat');
    clock.advance(300_000);
    await csms.received('Heartbeat', 2);
  });
});

describe('a charge in 1.6', () => {
  test('is told by status, start, meter values and stop', async () => {
    await station.plugIn(1);
    const started = await station.startCharge({ evse: 1, token: 'RFID-1' });
    expect(started).toEqual({ evse: 1, transactionId: 1001, authorization: 'Accepted', queued: false });
    clock.advance(60_000);
    await csms.received('MeterValues');
    await station.stopCharge({ evse: 1 });
    await station.unplug(1);

    expect(statuses(1)).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available']);
    expect(csms.of('StartTransaction')[0]?.payload).toEqual({
      connectorId: 1,
      idTag: 'RFID-1',
      meterStart: 0,
      timestamp: '2025-01-01T00:00:00.000Z',
    });
    const meter = csms.of('MeterValues')[0]?.payload as { transactionId: number; meterValue: { sampledValue: Record<string, string>[] }[] };
    expect(meter.transactionId).toBe(1001);
    const samples = meter.meterValue[0]?.sampledValue ?? [];
    expect(samples).toHaveLength(10);
    expect(samples.every(({ value }) => typeof value === 'string')).toBe(true);
    expect(samples[0]).toMatchObject({ measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' });
    const stop = csms.of('StopTransaction')[0]?.payload;
    const meterStop = Number(samples[0]?.['value']);
    expect(stop).toEqual({ transactionId: 1001, idTag: 'RFID-1', meterStop, timestamp: '2025-01-01T00:01:00.000Z', reason: 'Local' });
    expect(meterStop).toBeGreaterThan(100);
  });

  test('begins where the register of the connector stands after the charge before', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    clock.advance(600_000);
    await station.unplug(1);
    await station.startCharge({ evse: 1, token: 'B' });
    await station.startCharge({ evse: 2, token: 'C' });
    const [first, second, other] = csms.of('StartTransaction').map(({ payload }) => payload['meterStart'] as number);
    expect(first).toBe(0);
    expect(second).toBe(csms.of('StopTransaction')[0]?.payload['meterStop']);
    expect(second).toBeGreaterThan(1_000);
    expect(other).toBe(0);
  });

  test('ends at once when the CSMS refuses the token', async () => {
    csms.on('StartTransaction', () => ({ transactionId: 7, idTagInfo: { status: 'Blocked' } }));
    const started = await station.startCharge({ evse: 1, token: 'STOLEN' });
    expect(started).toMatchObject({ transactionId: 7, authorization: 'Blocked' });
    expect((await csms.received('StopTransaction')).payload).toMatchObject({ transactionId: 7, reason: 'DeAuthorized' });
    expect(station.status.get(1)).toBe('Finishing');
  });

  test('can carry its readings in the stop', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    clock.advance(30_000);
    await station.stopCharge({ evse: 1, reason: 'EmergencyStop', transactionData: true });
    const { payload } = await csms.received('StopTransaction');
    expect(payload).toMatchObject({ reason: 'EmergencyStop' });
    expect(payload).not.toHaveProperty('idTag');
    const data = payload['transactionData'] as { sampledValue: { context: string }[] }[];
    expect(data.map(({ sampledValue }) => sampledValue[0]?.context)).toEqual(['Transaction.Begin', 'Transaction.End']);
  });
});

describe('what a 1.6 CSMS asks', () => {
  test('a remote start is accepted, authorized if so configured, and becomes a charge', async () => {
    await csms.call('ChangeConfiguration', { key: 'AuthorizeRemoteTxRequests', value: 'true' });
    expect((await csms.call('RemoteStartTransaction', { idTag: 'REMOTE', connectorId: 2 }))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.received('StartTransaction')).payload).toMatchObject({ idTag: 'REMOTE', connectorId: 2 });
    expect(csms.of('Authorize').map(({ payload }) => payload)).toEqual([{ idTag: 'REMOTE' }]);
  });

  test('a remote start whose token fails to authorize becomes none', async () => {
    csms.on('Authorize', () => ({ idTagInfo: { status: 'Invalid' } }));
    await csms.call('ChangeConfiguration', { key: 'AuthorizeRemoteTxRequests', value: 'true' });
    await csms.call('RemoteStartTransaction', { idTag: 'REMOTE' });
    await csms.received('Authorize');
    await station.dataTransfer('barrier');
    expect(csms.of('StartTransaction')).toHaveLength(0);
  });

  test('a remote start on a busy connector is rejected', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('RemoteStartTransaction', { idTag: 'B', connectorId: 1 }))[2]).toEqual({ status: 'Rejected' });
  });

  test('a remote stop ends that transaction, and an unknown one is rejected', async () => {
    const { transactionId } = await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('RemoteStopTransaction', { transactionId: 5 }))[2]).toEqual({ status: 'Rejected' });
    expect((await csms.call('RemoteStopTransaction', { transactionId }))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.received('StopTransaction')).payload).toMatchObject({ transactionId, reason: 'Remote' });
  });

  test('a soft reset stops the charge first, then comes back and boots', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('Reset', { type: 'Soft' }))[2]).toEqual({ status: 'Accepted' });
    const stop = await csms.received('StopTransaction');
    expect(stop).toMatchObject({ connection: 1, payload: { reason: 'SoftReset' } });
    await eventually('the wait of the restart', () => clock.pending.includes(500));
    clock.advance(500);
    expect((await csms.received('BootNotification', 2)).connection).toBe(2);
  });

  test('a hard reset breaks off, and the stop follows after the boot', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    csms.send('Reset', { type: 'Hard' });
    await eventually('the wait of the restart', () => clock.pending.includes(500));
    clock.advance(500);
    const stop = await csms.received('StopTransaction');
    expect(stop).toMatchObject({ connection: 2, payload: { transactionId: 1001, reason: 'HardReset' } });
    expect(csms.actions.lastIndexOf('BootNotification')).toBeLessThan(csms.actions.indexOf('StopTransaction'));
  });

  test('availability changes at once on a free connector and after the charge on a busy one', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('ChangeAvailability', { connectorId: 0, type: 'Inoperative' }))[2]).toEqual({ status: 'Scheduled' });
    await eventually('connector 2 to go', () => station.status.get(2) === 'Unavailable');
    expect(station.status.get(1)).toBe('Charging');
    await station.stopCharge({ evse: 1 });
    expect(station.status.get(1)).toBe('Unavailable');
    await expect(station.startCharge({ evse: 1, token: 'A' })).rejects.toThrow('out of service');
  });

  test('unlocking ends the charge', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('UnlockConnector', { connectorId: 1 }))[2]).toEqual({ status: 'Unlocked' });
    expect((await csms.received('StopTransaction')).payload).toMatchObject({ reason: 'UnlockCommand' });
    expect((await csms.call('UnlockConnector', { connectorId: 9 }))[2]).toEqual({ status: 'NotSupported' });
  });

  test.each([
    ['HeartbeatInterval', '60', 'Accepted'],
    ['HeartbeatInterval', 'often', 'Rejected'],
    ['NumberOfConnectors', '7', 'Rejected'],
    ['ResetRetries', '3', 'Accepted'],
    ['ResetRetries', 'many', 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'maybe', 'Rejected'],
    ['MeterValuesSampledData', 'SoC', 'Accepted'],
    ['NoSuchKey', '1', 'NotSupported'],
  ])('changing %s to %s is %s', async (key, value, status) => {
    expect((await csms.call('ChangeConfiguration', { key, value }))[2]).toEqual({ status });
  });

  test('a changed heartbeat interval takes effect at once', async () => {
    await csms.call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' });
    clock.advance(60_000);
    expect((await csms.received('Heartbeat')).payload).toEqual({});
  });

  test('configuration is told without secrets, and unknown keys are named', async () => {
    const [, , all] = (await csms.call('GetConfiguration', {})) as [number, string, { configurationKey: Record<string, unknown>[] }];
    expect(all.configurationKey).toContainEqual({ key: 'NumberOfConnectors', readonly: true, value: '2' });
    expect(all.configurationKey).toContainEqual({ key: 'AuthorizationKey', readonly: false });
    expect((await csms.call('GetConfiguration', { key: ['heartbeatinterval', 'Nonsense'] }))[2]).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
      unknownKey: ['Nonsense'],
    });
  });

  test('a new authorization key is used by coming back with it', async () => {
    expect((await csms.call('ChangeConfiguration', { key: 'AuthorizationKey', value: 'new-secret' }))[2]).toEqual({ status: 'Accepted' });
    await eventually('the second connection', () => {
      clock.advance(0);
      return csms.upgrades.length === 2;
    });
    const { authorization } = csms.upgrades[1]?.headers ?? {};
    expect(authorization).toBe(`Basic ${Buffer.from('CP-16:new-secret').toString('base64')}`);
    await eventually('the station to be back', () => station.online);
    expect(csms.of('BootNotification')).toHaveLength(1);
  });

  test.each(['BootNotification', 'Heartbeat', 'StatusNotification', 'MeterValues'])('%s can be triggered', async (requestedMessage) => {
    await csms.received('StatusNotification', 3);
    const before = csms.of(requestedMessage).length;
    expect((await csms.call('TriggerMessage', { requestedMessage, connectorId: 1 }))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.received(requestedMessage, before + 1)).payload).not.toHaveProperty('transactionId');
  });

  test('what it cannot trigger it says', async () => {
    const requestedMessage = 'SomethingElse';
    expect((await csms.call('TriggerMessage', { requestedMessage }))[2]).toEqual({ status: 'NotImplemented' });
  });

  test('an unknown action is NotImplemented, a malformed one is an error', async () => {
    expect((await csms.call('FlyToTheMoon', {})).slice(2, 3)).toEqual(['NotImplemented']);
    expect((await csms.call('RemoteStopTransaction', { transactionId: 'x' })).slice(2, 3)).toEqual(['TypeConstraintViolation']);
  });
});

describe('a scripted answer', () => {
  test('can be an error, a result of its own, nothing, or the usual behaviour later', async () => {
    station.onCall('ClearCache', () => new CallError('InternalError', 'disk full', { disk: 1 }));
    expect((await csms.call('ClearCache', {})).slice(2)).toEqual(['InternalError', 'disk full', { disk: 1 }]);

    station.onCall('ClearCache', ({ extra }) => ({ status: 'Rejected', extra }));
    expect((await csms.call('ClearCache', { extra: 1 }))[2]).toEqual({ status: 'Rejected', extra: 1 });

    let answerNow = (): void => undefined;
    station.onCall('RemoteStartTransaction', async (_payload, builtIn) => {
      await new Promise<void>((resolve) => (answerNow = resolve));
      return builtIn();
    });
    const late = csms.call('RemoteStartTransaction', { idTag: 'LATE' });
    station.onCall('ClearCache', () => noAnswer);
    const silent = csms.send('ClearCache', {});
    await csms.call('DataTransfer', { vendorId: 'x' });
    expect(csms.answers.some(([, id]) => id === silent)).toBe(false);
    expect(csms.of('StartTransaction')).toHaveLength(0);
    answerNow();
    expect((await late)[2]).toEqual({ status: 'Accepted' });
    await csms.received('StartTransaction');
  });
});
