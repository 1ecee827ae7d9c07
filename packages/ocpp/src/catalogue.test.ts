import { describe, expect, test } from '@jest/globals';
import { protocolVersions, resetStation, startCharging } from '@ohmnibus/domain';
import { messageFor, messageFromStation, messageToStation, negotiate, route, versions } from './catalogue.js';
import { messagesPage } from './messages-page.js';

describe('the version of a connection', () => {
  test.each<[string, string | undefined]>([
    ['ocpp1.6', 'v16'],
    ['ocpp2.0.1', 'v201'],
    ['ocpp1.6,ocpp2.0.1', 'v16'],
    ['ocpp2.0.1, ocpp1.6', 'v201'],
    [' ocpp2.1 ,\tocpp2.0.1,ocpp1.6', 'v201'],
    ['ocpp1.5', 'v15'],
    ['ocpp1.2,, ocpp1.6', 'v16'],
    ['ocpp1.5, ocpp1.6', 'v15'],
    ['ocpp2.1', undefined],
    ['OCPP1.6', undefined],
    ['ocpp1.6;q=1', undefined],
    ['', undefined],
  ])('of the offer "%s" is %s: the first served one that the station names', (offered, expected) => {
    expect(negotiate(offered)?.name).toBe(expected);
  });
});

describe('a call', () => {
  test('goes to the service of its operation', () => {
    expect(route('v16', 'BootNotification')).toBe('session');
    expect(route('v16', 'MeterValues')).toBe('transaction');
    expect(route('v201', 'TransactionEvent')).toBe('transaction');
  });

  test('that the version has not is told from one that we do not serve', () => {
    expect(route('v16', 'TransactionEvent')).toBe('unknown-action');
    expect(route('v16', 'constructor')).toBe('unknown-action');
    expect(route('v15', 'TriggerMessage')).toBe('unknown-action');
    expect(route('v16', 'Reset')).toBe('unsupported-action');
    expect(route('v201', 'NotifyReport')).toBe('unsupported-action');
  });
});

const core15 = [
  'Authorize',
  'BootNotification',
  'CancelReservation',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'GetConfiguration',
  'GetDiagnostics',
  'GetLocalListVersion',
  'Heartbeat',
  'MeterValues',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
  'UnlockConnector',
  'UpdateFirmware',
];
const since16 = ['ClearChargingProfile', 'GetCompositeSchedule', 'SetChargingProfile', 'TriggerMessage'];
/** Improved security for OCPP 1.6-J, edition 3. */
const whitepaper = [
  'CertificateSigned',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'LogStatusNotification',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'SignedUpdateFirmware',
];

test.each([
  ['v15', core15],
  ['v16', [...core15, ...since16, ...whitepaper]],
] as const)('%s knows and serves every action of its standard', (version, actions) => {
  expect([...versions[version].actions].toSorted()).toEqual(actions.toSorted());
  const served = new Set([...versions[version].fromStation, ...versions[version].toStation].map(({ action }) => action));
  expect(actions.filter((action) => !served.has(action))).toEqual([]);
});

test('an ask finds the message of a version, if it has one', () => {
  const start = { token: { value: 'AbC' }, remoteStartId: 1 };
  expect(messageFor('v16', startCharging, start)?.action).toBe('RemoteStartTransaction');
  expect(messageFor('v201', startCharging, start)?.action).toBe('RequestStartTransaction');
  expect(messageFor('v201', resetStation, { when: 'idle' })).toBeUndefined();
});

test('the directions of an action are told apart', () => {
  expect(messageFromStation('v16', 'DataTransfer')?.operation.name).toBe('receiveVendorMessage');
  expect(messageToStation('v16', 'DataTransfer')?.ask.name).toBe('sendVendorMessage');
  expect(messageToStation('v16', 'BootNotification')).toBeUndefined();
});

test.each(protocolVersions)('%s serves actions of its standard, each once for an operation or ask', (version) => {
  const { actions, fromStation, toStation } = versions[version];
  for (const list of [
    fromStation.map(({ action }) => action),
    toStation.map(({ action, ask }) => `${action} ${ask.name}`),
  ]) {
    expect(new Set(list).size).toBe(list.length);
  }
  for (const { action } of [...fromStation, ...toStation]) expect(actions).toContain(action);
});

test('a change of configuration that was written by hand is taken for one, whatever else is asked for by it', () => {
  for (const version of ['v15', 'v16'] as const) expect(messageToStation(version, 'ChangeConfiguration')?.ask.name).toBe('changeConfiguration');
});

test('the page of messages lists each action of each version once per direction and ask', () => {
  const page = messagesPage();
  expect(page).toContain('| StartTransaction | from station | `recordTransaction` | transaction |');
  expect(page).toContain(
    '| DataTransfer | from station | `receiveVendorMessage` | session |\n| DataTransfer | to station | `sendVendorMessage` | command |',
  );
  const sections = new Map(page.split('\n## ').map((section) => [section.slice(0, section.indexOf('\n')), section]));
  for (const { subprotocol, actions, fromStation, toStation } of Object.values(versions)) {
    const section = sections.get(subprotocol)!;
    expect(section).toContain('| Heartbeat | from station | `tellTime` | none if it is empty, otherwise session |');
    const served = new Set([...fromStation, ...toStation].map(({ action }) => action));
    const missing = [...actions].filter((action) => !served.has(action)).toSorted();
    const last = missing.length === 0 ? 'Every action is served.' : `Not served (${missing.length}): ${missing.join(', ')}.`;
    expect(section.trimEnd().split('\n').at(-1)).toBe(last);
    for (const action of served) {
      const rows = section.match(new RegExp(`^\\| ${action} \\| (from|to) station \\| \`\\w+\``, 'gm')) ?? [];
      expect(new Set(rows).size).toBe([...fromStation, ...toStation].filter((message) => message.action === action).length);
    }
  }
});
