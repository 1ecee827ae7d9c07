import { describe, expect, test } from '@jest/globals';
import type { Payload } from './rpc/frames.js';
import { eventually } from './test-support/eventually.js';
import { clock, csms, station, useStation } from './test-support/station-in-use.js';

useStation({ id: 'CS-201', protocol: 'ocpp2.0.1', restartMs: 500 });

function events(): Payload[] {
  return csms.of('TransactionEvent').map(({ payload }) => payload);
}

async function event(nth: number): Promise<Payload> {
  return (await csms.received('TransactionEvent', nth)).payload;
}

describe('a 2.0.1 station that boots', () => {
  test('tells who it is, why it boots, and how its connector is', async () => {
    await csms.received('StatusNotification');
    expect(csms.calls[0]).toMatchObject({
      action: 'BootNotification',
      payload: { reason: 'PowerUp', chargingStation: { vendorName: 'Ohmnibus', model: 'Simulator', serialNumber: 'CS-201' } },
    });
    expect(csms.calls[1]?.payload).toEqual({
      timestamp: '2025-01-01T00:00:00.000Z',
      connectorStatus: 'Available',
      evseId: 1,
      connectorId: 1,
    });
  });
});

describe('a charge in 2.0.1', () => {
  test('is told by transaction events without a gap', async () => {
    await station.plugIn(1);
    const { transactionId, authorization } = await station.startCharge({ evse: 1, token: 'RFID-1' });
    await event(2);
    // An answer that is still on its way would be late by then, and its event sent again.
    await eventually('every event to be answered', () => station.queued === 0);
    clock.advance(60_000);
    await event(3);
    await station.stopCharge({ evse: 1 });
    await station.unplug(1);

    expect(authorization).toBe('Accepted');
    const idToken = { idToken: 'RFID-1', type: 'ISO14443' };
    const evse = { id: 1, connectorId: 1 };
    expect(events()).toMatchObject([
      { eventType: 'Started', seqNo: 0, triggerReason: 'Authorized', transactionInfo: { transactionId }, idToken, evse },
      { eventType: 'Updated', seqNo: 1, triggerReason: 'ChargingStateChanged', transactionInfo: { chargingState: 'Charging' } },
      { eventType: 'Updated', seqNo: 2, triggerReason: 'MeterValuePeriodic', timestamp: '2025-01-01T00:01:00.000Z' },
      { eventType: 'Ended', seqNo: 3, triggerReason: 'StopAuthorized', transactionInfo: { stoppedReason: 'Local' }, idToken },
    ]);
    expect(new Set(events().map(({ transactionInfo }) => (transactionInfo as Payload)['transactionId']))).toEqual(new Set([transactionId]));
    expect(events().every((payload) => !('offline' in payload))).toBe(true);
    const meterValue = events()[2]?.['meterValue'] as { sampledValue: unknown[] }[];
    // One less than in 1.6: this version has no measurand for the temperature.
    expect(meterValue[0]?.sampledValue).toHaveLength(9);
    const register = { value: expect.any(Number), measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } };
    expect(meterValue[0]?.sampledValue[0]).toMatchObject(register);
    // Preparing, Charging and Finishing are all Occupied here, said once.
    expect(csms.of('StatusNotification').map(({ payload }) => payload['connectorStatus'])).toEqual(['Available', 'Occupied', 'Available']);
  });

  test('ends at once when the CSMS refuses the token', async () => {
    csms.on('TransactionEvent', ({ payload }) => (payload['idToken'] ? { idTokenInfo: { status: 'Invalid' } } : {}));
    expect(await station.startCharge({ evse: 1, token: 'STOLEN' })).toMatchObject({ authorization: 'Invalid' });
    const transactionInfo = { stoppedReason: 'DeAuthorized' };
    expect(await event(2)).toMatchObject({ eventType: 'Ended', triggerReason: 'Deauthorized', transactionInfo });
  });

  test('ends with the car that leaves', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    await station.unplug(1);
    expect(await event(3)).toMatchObject({
      eventType: 'Ended',
      triggerReason: 'EVDeparted',
      transactionInfo: { chargingState: 'Idle', stoppedReason: 'EVDisconnected' },
    });
    expect(station.status.get(1)).toBe('Available');
  });

  test('is reported offline: true when it happens without a connection', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    await event(2);
    await eventually('what it has told to be answered', () => station.queued === 0);
    station.cut();
    await station.stopCharge({ evse: 1 });
    expect(station.queued).toBe(1);
    clock.advance(1_000);
    expect(await event(3)).toMatchObject({ eventType: 'Ended', seqNo: 2, offline: true });
    expect(csms.of('BootNotification')).toHaveLength(1);
  });
});

describe('what a 2.0.1 CSMS asks', () => {
  test('a requested start carries its remoteStartId and its token into the transaction', async () => {
    const idToken = { idToken: 'APP-1', type: 'Central' };
    expect((await csms.call('RequestStartTransaction', { idToken, remoteStartId: 42, evseId: 1 }))[2]).toEqual({ status: 'Accepted' });
    const transactionInfo = { remoteStartId: 42 };
    expect(await event(1)).toMatchObject({ eventType: 'Started', triggerReason: 'RemoteStart', idToken, transactionInfo });
    expect((await csms.call('RequestStartTransaction', { idToken, remoteStartId: 43, evseId: 1 }))[2]).toEqual({ status: 'Rejected' });
  });

  test('a requested stop ends that transaction, and an unknown one is rejected', async () => {
    const { transactionId } = await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('RequestStopTransaction', { transactionId: 'nope' }))[2]).toEqual({ status: 'Rejected' });
    expect((await csms.call('RequestStopTransaction', { transactionId }))[2]).toEqual({ status: 'Accepted' });
    expect(await event(3)).toMatchObject({ eventType: 'Ended', triggerReason: 'RemoteStop', transactionInfo: { stoppedReason: 'Remote' } });
  });

  test('an immediate reset ends the charge, comes back and boots with its reason', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('Reset', { type: 'Immediate' }))[2]).toEqual({ status: 'Accepted' });
    const transactionInfo = { stoppedReason: 'ImmediateReset' };
    expect(await event(3)).toMatchObject({ eventType: 'Ended', triggerReason: 'ResetCommand', transactionInfo });
    await eventually('the wait of the restart', () => clock.pending.includes(500));
    clock.advance(500);
    expect(await csms.received('BootNotification', 2)).toMatchObject({ connection: 2, payload: { reason: 'RemoteReset' } });
  });

  test('a reset on idle waits for the charge', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('Reset', { type: 'OnIdle' }))[2]).toEqual({ status: 'Scheduled' });
    expect(station.status.get(1)).toBe('Charging');
    await station.stopCharge({ evse: 1 });
    await eventually('the wait of the restart', () => clock.pending.includes(500));
    clock.advance(500);
    expect((await csms.received('BootNotification', 2)).payload).toMatchObject({ reason: 'ScheduledReset' });
    expect(csms.of('TransactionEvent').map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  test('unlocking leaves a charge alone', async () => {
    expect((await csms.call('UnlockConnector', { evseId: 1, connectorId: 1 }))[2]).toEqual({ status: 'Unlocked' });
    await station.startCharge({ evse: 1, token: 'A' });
    expect((await csms.call('UnlockConnector', { evseId: 1, connectorId: 1 }))[2]).toEqual({ status: 'OngoingAuthorizedTransaction' });
    expect((await csms.call('UnlockConnector', { evseId: 1, connectorId: 2 }))[2]).toEqual({ status: 'UnknownConnector' });
  });

  test('a station out of service says Unavailable', async () => {
    const change = { operationalStatus: 'Inoperative', evse: { id: 1 } };
    expect((await csms.call('ChangeAvailability', change))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.received('StatusNotification', 2)).payload).toMatchObject({ connectorStatus: 'Unavailable' });
  });

  test('variables are got and set one by one', async () => {
    const heartbeat = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
    const model = { component: { name: 'ChargingStation' }, variable: { name: 'Model' } };
    const password = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    const odd = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'Nonsense' } };
    const stranger = { component: { name: 'Nobody' }, variable: { name: 'Nonsense' } };
    const setVariableData = [
      { ...heartbeat, attributeValue: '60' },
      { ...model, attributeValue: 'Other' },
      { ...odd, attributeValue: '1' },
      { ...heartbeat, attributeType: 'MaxSet', attributeValue: '1' },
    ];
    expect((await csms.call('SetVariables', { setVariableData }))[2]).toEqual({
      setVariableResult: [
        { attributeStatus: 'Accepted', ...heartbeat },
        { attributeStatus: 'Rejected', ...model },
        { attributeStatus: 'UnknownVariable', ...odd },
        { attributeStatus: 'NotSupportedAttributeType', attributeType: 'MaxSet', ...heartbeat },
      ],
    });
    expect((await csms.call('GetVariables', { getVariableData: [heartbeat, password, stranger] }))[2]).toEqual({
      getVariableResult: [
        { attributeStatus: 'Accepted', attributeValue: '60', ...heartbeat },
        { attributeStatus: 'Rejected', ...password },
        { attributeStatus: 'UnknownComponent', ...stranger },
      ],
    });
  });

  test.each(['BootNotification', 'Heartbeat', 'StatusNotification', 'MeterValues'])('%s can be triggered', async (requestedMessage) => {
    await csms.received('StatusNotification');
    const before = csms.of(requestedMessage).length;
    expect((await csms.call('TriggerMessage', { requestedMessage }))[2]).toEqual({ status: 'Accepted' });
    await csms.received(requestedMessage, before + 1);
  });

  test('meter values triggered during a charge come as a transaction event', async () => {
    await station.startCharge({ evse: 1, token: 'A' });
    await csms.call('TriggerMessage', { requestedMessage: 'MeterValues', evse: { id: 1 } });
    expect(await event(3)).toMatchObject({ eventType: 'Updated', triggerReason: 'Trigger' });
  });

  test('only its own vendor can transfer data', async () => {
    expect((await csms.call('DataTransfer', { vendorId: 'Ohmnibus' }))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.call('DataTransfer', { vendorId: 'Stranger' }))[2]).toEqual({ status: 'UnknownVendorId' });
    expect((await csms.call('ClearCache', {}))[2]).toEqual({ status: 'Accepted' });
    expect((await csms.call('GetLog', {}))[2]).toBe('NotImplemented');
  });
});
