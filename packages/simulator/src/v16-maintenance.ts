import type { Request } from './dialect.js';
import type { Tries } from './file-transfer.js';
import { integerOf, optionalIntegerOf, textOf } from './payload-fields.js';
import type { RemoteControl } from './remote-control.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import type { Reply } from './rpc/inbound-calls.js';

/** The words that FirmwareStatusNotification has; the others are of the security extension. */
const plainWords = new Set(['Downloaded', 'DownloadFailed', 'Downloading', 'Idle', 'InstallationFailed', 'Installing', 'Installed']);
/** How long a station waits between attempts if nobody says. */
const pauseMs = 1_000;

export function firmwareStatus(status: string, requestId: number | undefined, signed = requestId !== undefined): Request | undefined {
  if (signed) return { action: 'SignedFirmwareStatusNotification', payload: { status, ...(requestId !== undefined && { requestId }) } };
  return plainWords.has(status) ? { action: 'FirmwareStatusNotification', payload: { status } } : undefined;
}

export function logStatus(status: string, requestId: number | undefined, extended = requestId !== undefined): Request {
  if (extended) return { action: 'LogStatusNotification', payload: { status, ...(requestId !== undefined && { requestId }) } };
  const plain = status === 'Idle' || status === 'Uploading' || status === 'Uploaded';
  return { action: 'DiagnosticsStatusNotification', payload: { status: plain ? status : 'UploadFailed' } };
}

/** Firmware and logs, as a 1.6 CSMS asks for them. */
export function maintenanceCommands({ firmware, logs }: RemoteControl): [string, (payload: Payload) => Reply][] {
  return [
    [
      'GetDiagnostics',
      (payload) => {
        const { fileName, after } = logs.order({ kind: 'diagnostics', location: textOf(payload, 'location'), tries: triesOf(payload) });
        return { payload: { fileName }, after };
      },
    ],
    [
      'GetLog',
      (payload) => {
        const { status, fileName, after } = logs.order({
          requestId: integerOf(payload, 'requestId'),
          kind: textOf(payload, 'logType') === 'SecurityLog' ? 'security' : 'diagnostics',
          location: textOf(asPayload(payload['log']), 'remoteLocation'),
          tries: triesOf(payload),
        });
        return { payload: { status, filename: fileName }, after };
      },
    ],
    [
      'UpdateFirmware',
      (payload) => {
        const { after } = firmware.order({ location: textOf(payload, 'location'), retrieveAt: timeOf(payload, 'retrieveDate'), tries: triesOf(payload) });
        return { payload: {}, after };
      },
    ],
    [
      'SignedUpdateFirmware',
      (payload) => {
        const image = asPayload(payload['firmware']);
        const { status, after } = firmware.order({
          requestId: integerOf(payload, 'requestId'),
          location: textOf(image, 'location'),
          retrieveAt: timeOf(image, 'retrieveDateTime'),
          ...(image['installDateTime'] !== undefined && { installAt: timeOf(image, 'installDateTime') }),
          signature: { signingCertificate: textOf(image, 'signingCertificate'), signature: textOf(image, 'signature') },
          tries: triesOf(payload),
        });
        return { payload: { status }, after };
      },
    ],
  ];
}

/** The report that a trigger asks for; undefined if it asks for something else. */
export function triggeredReport({ firmware, logs }: RemoteControl, message: string, extended: boolean): Request | undefined {
  if (message === 'FirmwareStatusNotification') return firmwareStatus(firmware.status.status, firmware.status.requestId, extended);
  if (message === 'DiagnosticsStatusNotification' && !extended) return logStatus(logs.status.status, undefined);
  if (message === 'LogStatusNotification' && extended) return logStatus(logs.status.status, logs.status.requestId, true);
  return undefined;
}

function triesOf(payload: Payload): Tries {
  const pauseSeconds = optionalIntegerOf(payload, 'retryInterval');
  return { attempts: 1 + (optionalIntegerOf(payload, 'retries') ?? 0), pauseMs: pauseSeconds === undefined ? pauseMs : pauseSeconds * 1000 };
}

function timeOf(payload: Payload, field: string): number {
  return Date.parse(textOf(payload, field));
}
