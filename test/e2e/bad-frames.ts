/**
 * What becomes of a frame: `result`; `silence`, which is no answer at all; or the code of a CALLERROR, which names the frame's own id or,
 * `withoutId`, "-1".
 */
export type Reaction = string | { readonly withoutId: string };

export type BadFrame = readonly [name: string, frame: string | Buffer, reaction: Reaction];

/** Words in which the versions differ. */
interface Dialect {
  readonly format: string;
  readonly occurrence: string;
  /** For a CALL that cannot be read though its id can. */
  readonly framework: string;
  /** For what names no id. */
  readonly unreadable: Reaction;
  readonly unknownType: Reaction;
}

const now = '2026-01-01T10:00:00Z';
const call = (action: string, payload: unknown, id = 'bad') => JSON.stringify([2, id, action, payload]);
const type = 'TypeConstraintViolation';
const property = 'PropertyConstraintViolation';
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Frames that are wrong, or odd, in either version. */
function commonFrames({ format, framework, unreadable, unknownType }: Dialect): BadFrame[] {
  return [
    ['no JSON', 'hello', unreadable],
    ['nothing', '', unreadable],
    ['an object', '{"2":"bad"}', unreadable],
    ['a string', '"[2]"', unreadable],
    ['null', 'null', unreadable],
    ['an empty array', '[]', unreadable],
    ['half a frame', '[2,"bad","Heartbeat",{}', unreadable],
    ['two frames in one', '[2,"bad","Heartbeat",{}][2,"bad","Heartbeat",{}]', format],
    ['a type alone', '[2]', unreadable],
    ['a CALL that ends after its id', '[2,"bad"]', framework],
    ['a CALL that ends after its action', '[2,"bad","Heartbeat"]', framework],
    ['a CALL of five elements', '[2,"bad","Heartbeat",{},{}]', format],
    ['a payload that is no JSON', '[2,"bad","Heartbeat",nonsense]', format],
    ['a payload that is an array', '[2,"bad","Heartbeat",[]]', type],
    ['a payload that is null', '[2,"bad","Heartbeat",null]', type],
    ['a payload that is text', '[2,"bad","Heartbeat","{}"]', type],
    ['an id that is null', '[2,null,"Heartbeat",{}]', unreadable],
    ['an id that is an object', '[2,{},"Heartbeat",{}]', unreadable],
    ['an id far too long', call('Heartbeat', {}, 'x'.repeat(300)), unreadable],
    ['a type that is text', '["2","bad","Heartbeat",{}]', unreadable],
    ['a type that is no whole number', '[2.5,"bad","Heartbeat",{}]', unreadable],
    ['a negative type', '[-2,"bad","Heartbeat",{}]', unreadable],
    ['an unknown type', '[9,"bad","Heartbeat",{}]', unknownType],
    ['a SEND of OCPP 2.1', '[6,"bad","NotifyPeriodicEventStream",{}]', unknownType],
    ['a CALLRESULTERROR of OCPP 2.1', '[5,"bad","GenericError","",{}]', unknownType],
    ['an action that is a number', '[2,"bad",5,{}]', framework],
    ['an action far too long', call('x'.repeat(65), {}), framework],
    ['an empty action', call('', {}), 'NotImplemented'],
    ['an unknown action', call('Levitate', {}), 'NotImplemented'],
    ['an action in other letters', call('heartbeat', {}), 'NotImplemented'],
    ['an action that every object has', call('constructor', {}), 'NotImplemented'],
    ['an action with a NUL in it', '[2,"bad","Heart\\u0000beat",{}]', 'NotImplemented'],
    ['a field too many', call('Heartbeat', { pulse: 60 }), format],
    ['a field called __proto__', '[2,"bad","Heartbeat",{"__proto__":{"a":1}}]', format],
    ['ten thousand arrays inside each other', `[2,"bad","Heartbeat",${deep(10_000)}]`, type],
    ['a field of ten thousand arrays inside each other', `[2,"bad","Heartbeat",{"a":${deep(10_000)}}]`, format],
    ['a NUL behind the payload', '[2,"bad","Heartbeat",{}\0]', format],
    ['a result of nothing', '[3,"bad",{}]', 'silence'],
    ['an error of nothing', '[4,"bad","InternalError","",{}]', 'silence'],
    ['a result without an id', '[3]', 'silence'],
    ['a result with an id that is none', '[3,{},{}]', 'silence'],
    ['a result without a payload', '[3,"bad"]', 'silence'],
    ['an error without a code', '[4,"bad"]', 'silence'],
    ['an error that is no JSON', '[4,"bad",oops]', 'silence'],
    ['white space all over', ' [ 2 ,\t"bad" ,\n"Heartbeat" , { } ] ', 'result'],
    ['an id of 36 characters', call('Heartbeat', {}, 'x'.repeat(36)), 'result'],
    ['an id that is too long, but not by far', call('Heartbeat', {}, 'x'.repeat(200)), 'result'],
    ['an id that is a number', '[2,17,"Heartbeat",{}]', 'result'],
    ['an empty id', call('Heartbeat', {}, ''), 'result'],
    ['an id with a NUL in it', '[2,"a\\u0000b","Heartbeat",{}]', 'result'],
    ['an id with half a character in it', '[2,"a\\ud800b","Heartbeat",{}]', 'result'],
  ];
}

/** Times that no clock shows. */
const badTimes: readonly (readonly [name: string, time: unknown, code: string])[] = [
  ['a time in words', 'yesterday', property],
  ['a time in month 13', '2026-13-01T00:00:00Z', property],
  ['a time at hour 25', '2026-01-01T25:00:00Z', property],
  ['a time that is NaN', 'NaN', property],
  ['an empty time', '', property],
  ['a time that is a number', 1_767_225_600_000, type],
  ['a time that is null', null, type],
];

const v16: Dialect = {
  format: 'FormationViolation',
  occurrence: 'OccurenceConstraintViolation',
  framework: 'FormationViolation',
  unreadable: 'silence',
  unknownType: 'silence',
};
const start = { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp: now };
const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };
const meterValue = [{ timestamp: now, sampledValue: [{ value: '1' }] }];

const v16Frames: BadFrame[] = [
  ...commonFrames(v16),
  ['an action of the other direction', call('RemoteStartTransaction', { idTag: 'TAG' }), 'NotSupported'],
  ['an action of another version', call('TransactionEvent', {}), 'NotImplemented'],
  ['a boot without a model', call('BootNotification', { chargePointVendor: 'V' }), v16.occurrence],
  ['a boot with a model that is a number', call('BootNotification', { chargePointVendor: 'V', chargePointModel: 5 }), type],
  ['a boot with a vendor of 21 characters', call('BootNotification', { chargePointVendor: 'V'.repeat(21), chargePointModel: 'M' }), property],
  ['a status that there is not', call('StatusNotification', { ...status, status: 'Melting' }), property],
  ['an error code that there is not', call('StatusNotification', { ...status, errorCode: 'Melted' }), property],
  ['a status without a connector', call('StatusNotification', { errorCode: 'NoError', status: 'Available' }), v16.occurrence],
  ['a token of 21 characters', call('Authorize', { idTag: 'x'.repeat(21) }), property],
  ['a token that is a number', call('Authorize', { idTag: 5 }), type],
  ['a token with a NUL in it', '[2,"bad","Authorize",{"idTag":"A\0B"}]', v16.format],
  ['a token with an escaped NUL in it', '[2,"bad","Authorize",{"idTag":"A\\u0000B"}]', property],
  ['a token with half a character in it', '[2,"bad","Authorize",{"idTag":"A\\ud800B"}]', property],
  ['a start with a token of 21 characters', call('StartTransaction', { ...start, idTag: 'x'.repeat(21) }), property],
  ['a start without a register', call('StartTransaction', { ...start, meterStart: undefined }), v16.occurrence],
  ['a start with a register that is text', call('StartTransaction', { ...start, meterStart: '0' }), type],
  ['a start with a fraction of a watt-hour', call('StartTransaction', { ...start, meterStart: 0.5 }), type],
  ['a start with an infinite register', call('StartTransaction', start).replace('"meterStart":0', '"meterStart":1e999'), type],
  ['a start with a connector that is text', call('StartTransaction', { ...start, connectorId: '1' }), type],
  ...badTimes.map(([name, time, code]): BadFrame => [`a start at ${name}`, call('StartTransaction', { ...start, timestamp: time }), code]),
  ...badTimes.map(([name, time, code]): BadFrame => [`a reading of ${name}`, call('MeterValues', { connectorId: 1, meterValue: [{ ...meterValue[0], timestamp: time }] }), code]),
  ['a reading of a number', call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: now, sampledValue: [{ value: 1 }] }] }), type],
  ['a reading in an unknown unit', call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: now, sampledValue: [{ value: '1', unit: 'furlong' }] }] }), property],
  ['readings that are no list', call('MeterValues', { connectorId: 1, meterValue: {} }), type],
  ['a stop without a transaction', call('StopTransaction', { meterStop: 1, timestamp: now }), v16.occurrence],
  ['a stop for a reason that there is not', call('StopTransaction', { transactionId: 1, meterStop: 1, timestamp: now, reason: 'Boredom' }), property],
  ['a vendor message without a vendor', call('DataTransfer', { data: 'x' }), v16.occurrence],
];

const reading15 = { timestamp: now, value: [{ value: '1' }] };

const v15Frames: BadFrame[] = [
  ...commonFrames(v16),
  ['an action of another version', call('TriggerMessage', { requestedMessage: 'Heartbeat' }), 'NotImplemented'],
  ['an action of the other direction', call('RemoteStartTransaction', { idTag: 'TAG' }), 'NotSupported'],
  ['a boot without a model', call('BootNotification', { chargePointVendor: 'V' }), v16.occurrence],
  ['a status that there is not', call('StatusNotification', { ...status, status: 'Melting' }), property],
  ['an error code that there is not', call('StatusNotification', { ...status, errorCode: 'Mode4Error' }), property],
  ['readings as 1.6 writes them', call('MeterValues', { connectorId: 1, meterValue }), v16.format],
  ['a reading of nothing', call('MeterValues', { connectorId: 1, values: [{ timestamp: now }] }), v16.occurrence],
  ['a reading in an unknown unit', call('MeterValues', { connectorId: 1, values: [{ ...reading15, value: [{ value: '1', unit: 'Ampere' }] }] }), property],
  ...badTimes.map(([name, time, code]): BadFrame => [`a reading of ${name}`, call('MeterValues', { connectorId: 1, values: [{ ...reading15, timestamp: time }] }), code]),
  ['a stop without a transaction', call('StopTransaction', { meterStop: 1, timestamp: now }), v16.occurrence],
  ['a stop whose readings lie one list too high', call('StopTransaction', { transactionId: 1, meterStop: 1, timestamp: now, transactionData: { values: [reading15] } }), type],
];

const v201: Dialect = {
  format: 'FormatViolation',
  occurrence: 'OccurrenceConstraintViolation',
  framework: 'RpcFrameworkError',
  unreadable: { withoutId: 'RpcFrameworkError' },
  unknownType: 'MessageTypeNotSupported',
};
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
const event = { eventType: 'Started', timestamp: now, triggerReason: 'Authorized', seqNo: 0, transactionInfo: { transactionId: 'tx' } };
const changed = (change: object) => call('TransactionEvent', { ...event, ...change });

const v201Frames: BadFrame[] = [
  ...commonFrames(v201),
  ['an action that is served by nobody', call('NotifyReport', {}), 'NotSupported'],
  ['an action of the other direction', call('RequestStopTransaction', { transactionId: 'tx' }), 'NotSupported'],
  ['an action of another version', call('StartTransaction', start), 'NotImplemented'],
  ['a boot without a reason', call('BootNotification', { chargingStation: boot.chargingStation }), v201.occurrence],
  ['a boot for a reason that there is not', call('BootNotification', { ...boot, reason: 'Boredom' }), property],
  ['a boot without a model', call('BootNotification', { ...boot, chargingStation: { vendorName: 'V' } }), v201.occurrence],
  ['a boot with a field too many inside', call('BootNotification', { ...boot, chargingStation: { ...boot.chargingStation, colour: 'red' } }), v201.format],
  ['a status of a connector that is text', call('StatusNotification', { timestamp: now, connectorStatus: 'Available', evseId: 1, connectorId: '1' }), type],
  ['a status that there is not', call('StatusNotification', { timestamp: now, connectorStatus: 'Charging', evseId: 1, connectorId: 1 }), property],
  ['a token of 37 characters', call('Authorize', { idToken: { idToken: 'x'.repeat(37), type: 'ISO14443' } }), property],
  ['a token of a type that there is not', call('Authorize', { idToken: { idToken: 'x', type: 'Smile' } }), property],
  ['a token without a type', call('Authorize', { idToken: { idToken: 'x' } }), v201.occurrence],
  ['a token with an escaped NUL in it', '[2,"bad","Authorize",{"idToken":{"idToken":"A\\u0000B","type":"ISO14443"}}]', property],
  ['an event without a transaction', changed({ transactionInfo: undefined }), v201.occurrence],
  ['an event with an id of 37 characters', changed({ transactionInfo: { transactionId: 'x'.repeat(37) } }), property],
  ['an event of a type that there is not', changed({ eventType: 'Paused' }), property],
  ['an event whose number is text', changed({ seqNo: '0' }), type],
  ['an event whose number is a fraction', changed({ seqNo: 0.5 }), type],
  ['an event with no reading where it promises some', changed({ meterValue: [] }), v201.occurrence],
  ['an event with a reading that is text', changed({ meterValue: [{ timestamp: now, sampledValue: [{ value: '1' }] }] }), type],
  ['an event with vendor data of ten thousand arrays and no vendor', changed({ customData: 'deep' }).replace('"deep"', `{"a":${deep(10_000)}}`), v201.occurrence],
  ...badTimes.map(([name, time, code]): BadFrame => [`an event at ${name}`, changed({ timestamp: time }), code]),
];

export const badFrames = { 'ocpp1.5': v15Frames, 'ocpp1.6': v16Frames, 'ocpp2.0.1': v201Frames } as const;
