import type { RemoteControl } from './remote-control.js';
import type { Command, Reply } from './rpc/inbound-calls.js';
import type { VariableTable } from './settings.js';
import { v16Commands } from './v16-commands.js';

/** What came with 1.6 or with its security extension. */
const since16 = new Set([
  'TriggerMessage',
  'SetChargingProfile',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'ExtendedTriggerMessage',
  'GetLog',
  'SignedUpdateFirmware',
  'CertificateSigned',
  'InstallCertificate',
  'DeleteCertificate',
  'GetInstalledCertificateIds',
]);

/** What a 1.5 CSMS may ask. */
export function v15Commands(control: RemoteControl, table: VariableTable): ReadonlyMap<string, Command> {
  const commands = new Map([...v16Commands(control, table)].filter(([action]) => !since16.has(action)));
  const unlock = commands.get('UnlockConnector');
  if (unlock) commands.set('UnlockConnector', async (payload) => yesOrNo(await unlock(payload)));
  const sendLocalList = commands.get('SendLocalList');
  if (sendLocalList) {
    // Spelt the British way; a checksum, if there is one, is not looked at.
    commands.set('SendLocalList', ({ localAuthorisationList, ...payload }) =>
      sendLocalList({ ...payload, ...(localAuthorisationList !== undefined && { localAuthorizationList: localAuthorisationList }) }),
    );
  }
  return commands;
}

function yesOrNo({ payload, after }: Reply): Reply {
  return { payload: { status: payload['status'] === 'Unlocked' ? 'Accepted' : 'Rejected' }, after };
}
