import { unwaited } from './charging.js';
import { asToken } from './evse.js';
import type { LocalListUpdate } from './local-list.js';
import { integerOf, objectsOf, optionalIntegerOf, textOf } from './payload-fields.js';
import type { RemoteControl, Verdict } from './remote-control.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import type { Command, Reply } from './rpc/inbound-calls.js';
import type { Variable, VariableTable } from './settings.js';
import { chargingProfileCommands, readProfile } from './v16-charging-profiles.js';
import { certificateCommands } from './v16-certificates.js';
import { maintenanceCommands, triggeredReport } from './v16-maintenance.js';
import { reservationCommands } from './v16-reservations.js';

const unlockWords = { Unlocked: 'Unlocked', Charging: 'UnlockFailed', Unknown: 'NotSupported' } as const;

/** What a 1.6 CSMS may ask, in the words of the station's remote control. */
export function v16Commands(control: RemoteControl, table: VariableTable): ReadonlyMap<string, Command> {
  return new Map<string, Command>([
    [
      'RemoteStartTransaction',
      (payload) => {
        const profile = payload['chargingProfile'] === undefined ? undefined : readProfile(asPayload(payload['chargingProfile']));
        return answer(control.start(asToken(textOf(payload, 'idTag')), optionalIntegerOf(payload, 'connectorId'), { profile }));
      },
    ],
    ['RemoteStopTransaction', (payload) => answer(control.stop(integerOf(payload, 'transactionId')))],
    [
      'Reset',
      (payload) => {
        const hard = textOf(payload, 'type') === 'Hard';
        return answer(control.reset({ graceful: !hard, stopReason: hard ? 'HardReset' : 'SoftReset', bootReason: 'RemoteReset' }));
      },
    ],
    [
      'UnlockConnector',
      (payload) => {
        const { status, after } = control.unlock(integerOf(payload, 'connectorId'), 'end');
        return { payload: { status: unlockWords[status] }, after };
      },
    ],
    [
      'ChangeAvailability',
      (payload) => answer(control.changeAvailability(integerOf(payload, 'connectorId'), textOf(payload, 'type') === 'Operative')),
    ],
    ['ChangeConfiguration', (payload) => ({ payload: { status: change(table, textOf(payload, 'key'), textOf(payload, 'value')) } })],
    ['GetConfiguration', (payload) => ({ payload: configuration(table, payload['key']) })],
    ['GetLocalListVersion', () => ({ payload: { listVersion: control.localList.toldVersion } })],
    ['SendLocalList', (payload) => ({ payload: { status: control.localList.update(listUpdate(payload)) } })],
    ['ClearCache', () => ({ payload: { status: 'Accepted' } })],
    ['DataTransfer', (payload) => ({ payload: control.dataTransfer(payload) })],
    ['TriggerMessage', (payload) => trigger(control, payload, false)],
    ['ExtendedTriggerMessage', (payload) => trigger(control, payload, true)],
    ...maintenanceCommands(control),
    ...reservationCommands(control),
    ...chargingProfileCommands(control),
    ...certificateCommands(control),
  ]);
}

function trigger(control: RemoteControl, payload: Payload, extended: boolean): Reply {
  const message = textOf(payload, 'requestedMessage');
  const report = triggeredReport(control, message, extended);
  if (report) return { payload: { status: 'Accepted' }, after: () => control.report(report) };
  if (extended && message === 'SignChargePointCertificate') return { payload: { status: 'Accepted' }, after: () => unwaited(control.certificates.request()) };
  return answer(control.trigger(message, optionalIntegerOf(payload, 'connectorId')));
}

function answer({ status, after }: Verdict<string>): Reply {
  return { payload: { status }, after };
}

function listUpdate(payload: Payload): LocalListUpdate {
  const lines = payload['localAuthorizationList'] === undefined ? [] : objectsOf(payload, 'localAuthorizationList');
  return {
    full: textOf(payload, 'updateType') === 'Full',
    version: integerOf(payload, 'listVersion'),
    lines: lines.map((line) => ({ token: textOf(line, 'idTag'), ...(line['idTagInfo'] !== undefined && { verdict: verdictOf(asPayload(line['idTagInfo'])) }) })),
  };
}

function verdictOf(info: Payload) {
  const { expiryDate, parentIdTag } = info;
  return {
    status: textOf(info, 'status'),
    ...(typeof expiryDate === 'string' && { expiresAt: Date.parse(expiryDate) }),
    ...(typeof parentIdTag === 'string' && { group: parentIdTag }),
  };
}

function change(table: VariableTable, key: string, value: string): string {
  const variable = table.get(key);
  if (!variable) return 'NotSupported';
  return variable.writable && variable.write(value) ? 'Accepted' : 'Rejected';
}

function configuration(table: VariableTable, wanted: unknown): Payload {
  const keys = Array.isArray(wanted) ? wanted.map(String) : [];
  if (keys.length === 0) return { configurationKey: table.all().map(keyValue) };
  const known = keys.flatMap((key) => table.get(key) ?? []);
  const unknownKey = keys.filter((key) => !table.get(key));
  return { configurationKey: known.map(keyValue), ...(unknownKey.length > 0 && { unknownKey }) };
}

function keyValue(variable: Variable): Payload {
  return { key: variable.name, readonly: !variable.writable, ...(variable.readable && { value: variable.read() }) };
}
