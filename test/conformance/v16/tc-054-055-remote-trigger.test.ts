import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { operator, system, useSystem } from '../../running.js';
import { ChargePoint } from './charge-point.js';

const id = 'TC-TRIGGER';
let point: ChargePoint;

afterAll(async () => {
  await point?.close();
});
useSystem({ only: ['session', 'transaction', 'command', 'api', 'gateway-1'] });
beforeAll(async () => {
  await operator.knows(id);
  point = await ChargePoint.boot(system.ocppUrl('gateway-1'), id);
});

const trigger = async (body: object) => (await system.rest<Payload>('POST', `/stations/${id}/trigger`, body)).body;
const now = () => new Date().toISOString();

/** What the station sends once it is asked, and how we know that it was kept. */
const cases: [message: string, asked: Payload, sent: Payload, kept: () => Promise<unknown>][] = [
  [
    'MeterValues',
    { requestedMessage: 'MeterValues', connectorId: 1 },
    { connectorId: 1, meterValue: [{ timestamp: now(), sampledValue: [{ value: '1234', context: 'Trigger' }] }] },
    async () => (await operator.rows(`SELECT 1 FROM sample WHERE station = $1 AND transaction = 0 AND register_wh = 1234 AND position('"Trigger"' IN samples) > 0`, id)).length === 1,
  ],
  [
    'Heartbeat',
    { requestedMessage: 'Heartbeat' },
    {},
    async () => /^\[2,[^,]*,"Heartbeat"/m.test(await operator.loggedText(id)),
  ],
  [
    'StatusNotification',
    { requestedMessage: 'StatusNotification', connectorId: 1 },
    { connectorId: 1, errorCode: 'NoError', status: 'Available', timestamp: now() },
    async () => (await operator.rows("SELECT 1 FROM connector WHERE station = $1 AND evse = 1 AND status = 'Available'", id)).length === 1,
  ],
  [
    'DiagnosticsStatusNotification',
    { requestedMessage: 'DiagnosticsStatusNotification' },
    { status: 'Idle' },
    async () => (await operator.rows("SELECT 1 FROM maintenance_report WHERE station = $1 AND kind = 'log-upload' AND status = 'Idle' AND job IS NULL", id)).length === 1,
  ],
  [
    'FirmwareStatusNotification',
    { requestedMessage: 'FirmwareStatusNotification' },
    { status: 'Idle' },
    async () => (await operator.rows("SELECT 1 FROM maintenance_report WHERE station = $1 AND kind = 'firmware-update' AND status = 'Idle' AND job IS NULL", id)).length === 1,
  ],
];

test.each(cases)('TC_054 Trigger Message: %s', async (message, asked, sent, kept) => {
  point.answers('TriggerMessage', { status: 'Accepted' });
  const evse = asked['connectorId'];
  expect(await trigger({ message, ...(evse !== undefined && { evse }) })).toMatchObject({ state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } });
  expect(point.received('TriggerMessage').at(-1)).toEqual(asked);
  const answer = await point.call(message, sent);
  expect(answer).toEqual(message === 'Heartbeat' ? { currentTime: expect.any(String) } : {});
  if (message === 'Heartbeat') expect(Math.abs(Date.parse(String(answer['currentTime'])) - Date.now())).toBeLessThan(5_000);
  await eventually(`${message} is kept`, kept);
  expect(point.actions.slice(-2)).toEqual(['TriggerMessage', message]);
});

test('TC_055 Trigger Message - Rejected', async () => {
  point.answers('TriggerMessage', { status: 'Rejected' });
  const outcome = await trigger({ message: 'MeterValues', evse: 1 });
  expect(outcome).toMatchObject({ state: 'rejected', result: { payload: { status: 'Rejected' } } });
  expect(point.received('TriggerMessage').at(-1)).toEqual({ requestedMessage: 'MeterValues', connectorId: 1 });
  expect((await system.rest('GET', `/commands/${String(outcome['id'])}`)).body).toMatchObject({ action: 'TriggerMessage', state: 'rejected' });
});

test('messages of the security extension are triggered by ExtendedTriggerMessage, and what 1.6 has not is refused', async () => {
  point.answers('ExtendedTriggerMessage', { status: 'Accepted' });
  expect(await trigger({ message: 'LogStatusNotification' })).toMatchObject({ state: 'accepted' });
  expect(point.received('ExtendedTriggerMessage')).toEqual([{ requestedMessage: 'LogStatusNotification' }]);
  expect(await point.call('LogStatusNotification', { status: 'Idle' })).toEqual({});
  const before = point.frames.length;
  expect(await trigger({ message: 'TransactionEvent' })).toMatchObject({ status: 400, code: 'bad-value' });
  expect(point.frames).toHaveLength(before);
  expect(system.defects()).toEqual([]);
});
