import { integerOf, objectsOf, optionalIntegerOf, textOf } from './payload-fields.js';
import type { RemoteControl, Verdict } from './remote-control.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import type { Reply } from './rpc/inbound-calls.js';
import type { Variable, VariableTable } from './settings.js';

const unlockWords = { Unlocked: 'Unlocked', Charging: 'OngoingAuthorizedTransaction', Unknown: 'UnknownConnector' } as const;

/** What a 2.0.1 CSMS may ask, in the words of the station's remote control. */
export function v201Commands(control: RemoteControl, table: VariableTable): ReadonlyMap<string, (payload: Payload) => Reply> {
  return new Map<string, (payload: Payload) => Reply>([
    [
      'RequestStartTransaction',
      (payload) => {
        const idToken = asPayload(payload['idToken']);
        const token = { idToken: textOf(idToken, 'idToken'), type: textOf(idToken, 'type') };
        return answer(control.start(token, optionalIntegerOf(payload, 'evseId'), { remoteStartId: integerOf(payload, 'remoteStartId') }));
      },
    ],
    ['RequestStopTransaction', (payload) => answer(control.stop(textOf(payload, 'transactionId')))],
    ['Reset', (payload) => reset(control, payload)],
    [
      'UnlockConnector',
      (payload) => {
        const known = integerOf(payload, 'connectorId') === 1;
        const { status } = control.unlock(known ? integerOf(payload, 'evseId') : -1, 'keep');
        return { payload: { status: unlockWords[status] } };
      },
    ],
    [
      'ChangeAvailability',
      (payload) => {
        const evse = optionalIntegerOf(asPayload(payload['evse']), 'id');
        return answer(control.changeAvailability(evse, textOf(payload, 'operationalStatus') === 'Operative'));
      },
    ],
    [
      'GetVariables',
      (payload) => ({ payload: { getVariableResult: objectsOf(payload, 'getVariableData').map((data) => get(table, data)) } }),
    ],
    [
      'SetVariables',
      (payload) => ({ payload: { setVariableResult: objectsOf(payload, 'setVariableData').map((data) => set(table, data)) } }),
    ],
    ['ClearCache', () => ({ payload: { status: 'Accepted' } })],
    ['DataTransfer', (payload) => ({ payload: control.dataTransfer(payload) })],
    [
      'TriggerMessage',
      (payload) => answer(control.trigger(textOf(payload, 'requestedMessage'), optionalIntegerOf(asPayload(payload['evse']), 'id'))),
    ],
  ]);
}

function answer({ status, after }: Verdict<string>): Reply {
  return { payload: { status }, after };
}

function reset(control: RemoteControl, payload: Payload): Reply {
  // This station restarts as a whole only.
  if (payload['evseId'] !== undefined) return { payload: { status: 'Rejected' } };
  const immediate = textOf(payload, 'type') === 'Immediate';
  const bootReason = immediate ? 'RemoteReset' : 'ScheduledReset';
  return answer(control.reset({ graceful: true, stopReason: 'HardReset', bootReason }, !immediate));
}

function get(table: VariableTable, data: Payload): Payload {
  const { variable, echo, refusal } = look(table, data);
  if (!variable) return { attributeStatus: refusal, ...echo };
  if (!variable.readable) return { attributeStatus: 'Rejected', ...echo };
  return { attributeStatus: 'Accepted', attributeValue: variable.read(), ...echo };
}

function set(table: VariableTable, data: Payload): Payload {
  const { variable, echo, refusal } = look(table, data);
  if (!variable) return { attributeStatus: refusal, ...echo };
  const written = variable.writable && variable.write(textOf(data, 'attributeValue'));
  return { attributeStatus: written ? 'Accepted' : 'Rejected', ...echo };
}

interface Looked {
  readonly variable?: Variable;
  readonly echo: Payload;
  readonly refusal: string;
}

function look(table: VariableTable, data: Payload): Looked {
  const { component, variable, attributeType } = data;
  const componentName = textOf(asPayload(component), 'name');
  const echo = { component, variable, ...(attributeType !== undefined && { attributeType }) };
  if (attributeType !== undefined && attributeType !== 'Actual') return { echo, refusal: 'NotSupportedAttributeType' };
  const found = table.get(`${componentName}.${textOf(asPayload(variable), 'name')}`);
  if (found) return { variable: found, echo, refusal: '' };
  const known = table.all().some(({ name }) => name.toLowerCase().startsWith(`${componentName.toLowerCase()}.`));
  return { echo, refusal: known ? 'UnknownVariable' : 'UnknownComponent' };
}
