import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas201 from 'typed-ocpp/dist/ocpp20/schemas.js';
import type { Protocol } from './dialect.js';
import { parseFrame } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import { createStation } from './station.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

/** Versions that come with schemas; what a 1.5 station writes is seen in its own test. */
type Standard = Exclude<Protocol, 'ocpp1.5'>;

const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
addFormats.default(ajv);

const schemas = { 'ocpp1.6': schemas16, 'ocpp2.0.1': schemas201 } as unknown as Record<Standard, Record<string, object>>;

const heartbeatInterval = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };

const chargingProfile = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'ChargePointMaxProfile',
  chargingProfileKind: 'Absolute',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
};

const planned = ['Local', 'Remote', 'EVDisconnected', 'UnlockCommand'] as const;
const unplanned = ['EmergencyStop', 'PowerLoss', 'Reboot', 'HardReset', 'Other'] as const;

const asked: Record<Standard, [string, Payload][]> = {
  'ocpp1.6': [
    ['ChangeConfiguration', { key: 'HeartbeatInterval', value: '30' }],
    ['GetConfiguration', {}],
    ['GetConfiguration', { key: ['NumberOfConnectors', 'Nonsense'] }],
    ['TriggerMessage', { requestedMessage: 'MeterValues' }],
    ['TriggerMessage', { requestedMessage: 'BootNotification' }],
    ['ChangeAvailability', { connectorId: 0, type: 'Operative' }],
    ['TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' }],
    ['TriggerMessage', { requestedMessage: 'DiagnosticsStatusNotification' }],
    ['ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' }],
    ['ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' }],
    ['CertificateSigned', { certificateChain: 'none' }],
    ['InstallCertificate', { certificateType: 'CentralSystemRootCertificate', certificate: 'none' }],
    ['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }],
    ['DeleteCertificate', { certificateHashData: { hashAlgorithm: 'SHA256', issuerNameHash: 'ab', issuerKeyHash: 'cd', serialNumber: 'ef' } }],
    ['ExtendedTriggerMessage', { requestedMessage: 'FirmwareStatusNotification' }],
    ['GetDiagnostics', { location: 'http://127.0.0.1:1/' }],
    ['GetLog', { logType: 'SecurityLog', requestId: 1, log: { remoteLocation: 'ftp://127.0.0.1:1/' } }],
    ['UpdateFirmware', { location: 'http://127.0.0.1:1/', retrieveDate: '2025-01-01T00:00:00Z' }],
    ['UnlockConnector', { connectorId: 9 }],
    ['DataTransfer', { vendorId: 'x' }],
    ['ClearCache', {}],
    ['RemoteStopTransaction', { transactionId: 1 }],
    ['ReserveNow', { reservationId: 1, connectorId: 1, idTag: 'R', expiryDate: '2030-01-01T00:00:00Z' }],
    ['CancelReservation', { reservationId: 1 }],
    ['SetChargingProfile', { connectorId: 0, csChargingProfiles: chargingProfile }],
    ['GetCompositeSchedule', { connectorId: 1, duration: 60, chargingRateUnit: 'A' }],
    ['ClearChargingProfile', {}],
    ['RemoteStartTransaction', { idTag: 'R' }],
    ['Reset', { type: 'Soft' }],
  ],
  'ocpp2.0.1': [
    ['SetVariables', { setVariableData: [{ attributeValue: '30', ...heartbeatInterval }] }],
    ['GetVariables', { getVariableData: [heartbeatInterval] }],
    ['GetVariables', { getVariableData: [{ component: { name: 'Nobody' }, variable: { name: 'Nothing' } }] }],
    ['TriggerMessage', { requestedMessage: 'MeterValues' }],
    ['TriggerMessage', { requestedMessage: 'BootNotification' }],
    ['ChangeAvailability', { operationalStatus: 'Operative' }],
    ['UnlockConnector', { evseId: 9, connectorId: 1 }],
    ['DataTransfer', { vendorId: 'x' }],
    ['ClearCache', {}],
    ['RequestStopTransaction', { transactionId: 'x' }],
    ['RequestStartTransaction', { remoteStartId: 1, idToken: { idToken: 'R', type: 'Central' } }],
    ['Reset', { type: 'Immediate' }],
  ],
};

let csms: TestCsms;

beforeEach(async () => {
  csms = await TestCsms.listen();
});

afterEach(async () => {
  await csms.close();
});

test.each(['ocpp1.6', 'ocpp2.0.1'] as const)('everything that an %s station writes obeys the official schemas', async (protocol) => {
  const clock = new ManualClock();
  const station = createStation({ url: csms.url, id: 'CP', protocol, clock });
  const written = new Map<string, Payload>();
  const actionOf = new Map<string, string>();
  station.on('frame', ({ direction, text }) => {
    const frame = parseFrame(text);
    if (frame?.kind === 'call') actionOf.set(frame.id, frame.action);
    if (direction !== 'sent' || frame === undefined || frame.kind === 'error') return;
    written.set(`${actionOf.get(frame.id)}${frame.kind === 'call' ? 'Request' : 'Response'} ${frame.id}`, frame.payload);
  });
  await station.connect();
  await station.authorize('A');
  await station.heartbeat();
  await station.dataTransfer('vendor', 'message', 'data');
  await station.reportMeter(1);
  for (const reason of [...planned, ...unplanned]) {
    await station.startCharge({ evse: 1, token: 'A', remoteStartId: 1, reservationId: 1 });
    await eventually('every event to be answered', () => station.queued === 0);
    clock.advance(60_000);
    await station.stopCharge({ evse: 1, reason, transactionData: true });
  }
  await station.unplug(1);
  for (const status of ['Reserved', 'Faulted', 'Unavailable', 'Available'] as const) await station.reportStatus(1, status);
  for (const [action, payload] of asked[protocol]) await csms.call(action, payload);
  await eventually('the reset to be over', () => {
    clock.advance(1_000);
    return csms.of('BootNotification').length === 3;
  });
  await station.disconnect();

  const objections = [...written].flatMap(([name, payload]) => {
    const schema = schemas[protocol][name.split(' ')[0] ?? ''];
    if (!schema) return [`${name}: no such message`];
    const validate = ajv.compile(schema);
    return validate(payload) ? [] : [`${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(payload)}`];
  });
  expect(objections).toEqual([]);
  expect(new Set([...written.keys()].map((name) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(17);
});
