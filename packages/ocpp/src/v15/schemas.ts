import * as official from 'typed-ocpp/dist/ocpp16/schemas.js';

/** A JSON schema, as far as it is taken apart here. */
interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly enum: readonly string[];
}

const v16 = official as unknown as Readonly<Record<string, Schema>>;

/** Every action of 1.5. */
export const actionNames = [
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
] as const;
export type Action = (typeof actionNames)[number];

/** The words of 1.6 and those that only 1.5 has: a station is understood whichever it uses. */
const words = (in16: Schema, ...in15: string[]) => ({ type: 'string', enum: [...in16.enum, ...in15] });
/** Just these words: what we say is what 1.5 has. */
const only = (...in15: string[]) => ({ type: 'string', enum: in15 });
const closed = (properties: object, ...required: string[]) => ({ type: 'object', properties, required, additionalProperties: false });
const text = { type: 'string' };
const integer = { type: 'integer' };
const time = { type: 'string', format: 'date-time' };
const list = (items: object) => ({ type: 'array', items });

const status = v16['StatusNotificationRequest']!.properties;
const start = v16['RemoteStartTransactionRequest']!.properties;
const stop = v16['StopTransactionRequest']!.properties;
const localList = v16['SendLocalListRequest']!.properties;
const sampledValue = v16['MeterValuesRequest']!.properties['meterValue']!.items.properties['sampledValue']!.items;

const readings = list(closed({ ...sampledValue.properties, unit: words(sampledValue.properties['unit']!, 'Amp', 'Volt') }, 'value'));
/** The WSDL has `value`, the first JSON dialect of it `values`. */
const meterValue = {
  ...closed({ timestamp: time, value: readings, values: readings }, 'timestamp'),
  if: { required: ['values'] },
  else: { required: ['value'] },
};

/** What 1.5 says otherwise than 1.6, by the WSDL of 1.5. */
const changed: Readonly<Record<string, object>> = {
  BootNotificationResponse: closed({ status: only('Accepted', 'Rejected'), currentTime: time, heartbeatInterval: integer }, 'status', 'currentTime', 'heartbeatInterval'),
  DataTransferRequest: closed({ vendorId: text, messageId: text, data: text }, 'vendorId'),
  MeterValuesRequest: closed({ connectorId: integer, transactionId: integer, values: list(meterValue) }, 'connectorId'),
  RemoteStartTransactionRequest: closed({ connectorId: start['connectorId'], idTag: start['idTag'] }, 'idTag'),
  SendLocalListRequest: closed(
    { updateType: localList['updateType'], listVersion: integer, localAuthorisationList: localList['localAuthorizationList'], hash: text },
    'updateType',
    'listVersion',
  ),
  SendLocalListResponse: closed({ status: words(v16['SendLocalListResponse']!.properties['status']!, 'HashError'), hash: text }, 'status'),
  StatusNotificationRequest: closed(
    {
      connectorId: integer,
      status: words(status['status']!, 'Occupied'),
      errorCode: words(status['errorCode']!, 'Mode3Error'),
      info: text,
      timestamp: time,
      vendorId: text,
      vendorErrorCode: text,
    },
    'connectorId',
    'status',
    'errorCode',
  ),
  StopTransactionRequest: closed({ ...stop, transactionData: list(closed({ values: list(meterValue) })) }, 'transactionId', 'timestamp', 'meterStop'),
  UnlockConnectorResponse: closed({ status: words(v16['UnlockConnectorResponse']!.properties['status']!, 'Accepted', 'Rejected') }, 'status'),
};

/** `{Action}Request` and `{Action}Response` of 1.5, which has no JSON schemas of its own: those of 1.6, with what is different. */
export const schemas: Readonly<Record<string, object>> = Object.fromEntries(
  actionNames.flatMap((action) => [`${action}Request`, `${action}Response`]).map((name) => [name, changed[name] ?? v16[name]!]),
);
