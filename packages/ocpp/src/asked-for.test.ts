import { expect, test } from '@jest/globals';
import { askedFor } from './asked-for.js';

test.each([
  ['TriggerMessage', '{"requestedMessage":"StatusNotification","connectorId":1}', ['StatusNotification']],
  ['ExtendedTriggerMessage', '{"requestedMessage":"SignChargePointCertificate"}', ['SignCertificate']],
  ['TriggerMessage', '{"requestedMessage":"SignV2GCertificate"}', ['SignCertificate']],
  ['GetDiagnostics', '{"location":"https://x"}', ['DiagnosticsStatusNotification']],
  ['UpdateFirmware', '{}', ['FirmwareStatusNotification']],
  ['GetConfiguration', '{}', []],
  ['TriggerMessage', '{}', []],
  ['TriggerMessage', '{"requestedMessage":7}', []],
  ['TriggerMessage', 'null', []],
  ['TriggerMessage', 'no JSON', []],
])('%s %s has a station send %j', (action, payload, asked) => {
  expect(askedFor(action, payload)).toEqual(asked);
});
