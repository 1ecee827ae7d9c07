import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import type { Ledger } from '../invariants/ledger.js';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';

const id = 'ODD-EVENTS';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
type Payload = Record<string, unknown>;

let socket: RawSocket;
const facts: Ledger['facts'][number][] = [];

afterAll(async () => {
  await socket?.close();
});
useSystem({ only: ['session', 'transaction', 'gateway-1'], env: { transaction: { RECONCILE_COMPARE_SECONDS: '1' } } });
beforeAll(async () => {
  await operator.knows(id);
  await operator.accepts('TAG');
  socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/${id}`, { protocols: ['ocpp2.0.1'] });
  await socket.call('StatusNotification', { timestamp: ago(0), connectorStatus: 'Available', evseId: 1, connectorId: 1 });
});

/** An event of a transaction, with the reading of its register; it has to be answered with a result. */
async function tell(transactionId: string, eventType: 'Started' | 'Updated' | 'Ended', seqNo: number, wh: number, change: Payload = {}): Promise<void> {
  const timestamp = (change['timestamp'] ?? ago(0)) as string;
  const meterValue = [{ timestamp, sampledValue: [{ value: wh }] }];
  const payload = { eventType, timestamp, triggerReason: 'Trigger', seqNo, transactionInfo: { transactionId }, evse: { id: 1, connectorId: 1 }, meterValue, ...change };
  const [type, , result] = await socket.call('TransactionEvent', payload);
  expect({ payload, type }).toEqual({ payload, type: 3 });
  facts.push({ action: 'TransactionEvent', payload, result: result as Payload });
}

const record = async (key: string) => (await operator.rows('SELECT end_kind, start_wh, end_wh, flags FROM transaction WHERE station = $1 AND key = $2', id, key))[0];

test.each([
  ['in 1970', '1970-01-01T00:00:00Z'],
  ['in 2036', '2036-02-07T06:28:16Z'],
])('a charge by a clock %s is answered, stored and flagged', async (name, timestamp) => {
  await tell(name, 'Started', 0, 100, { timestamp });
  await tell(name, 'Ended', 1, 200, { timestamp });
  expect(await record(name)).toMatchObject({ end_kind: 'reported', end_wh: 200, flags: ['clock-implausible'] });
});

test('an end before the start and a falling meter are answered, stored and flagged', async () => {
  await tell('backwards', 'Started', 0, 100);
  await tell('backwards', 'Ended', 1, 50, { timestamp: ago(1) });
  expect(await record('backwards')).toMatchObject({ end_wh: 50, flags: ['ended-before-start', 'energy-decreased'] });
});

test.each(['Updated', 'Ended'] as const)('%s of a transaction that nobody has heard of is answered, stored and flagged', async (eventType) => {
  await tell(`unheard-${eventType}`, eventType, 7, 700);
  expect(await record(`unheard-${eventType}`)).toMatchObject({ start_wh: null, flags: ['start-unseen'] });
  if (eventType === 'Updated') await tell('unheard-Updated', 'Ended', 8, 800);
});

test('a charge on an EVSE that the station has not told of is answered, stored and flagged', async () => {
  await tell('nowhere', 'Started', 0, 1, { evse: { id: 99, connectorId: 1 } });
  await eventually('the charge is flagged', async () => ((await record('nowhere'))!['flags'] as string[]).includes('unknown-connector'));
  await tell('nowhere', 'Ended', 1, 2, { evse: { id: 99, connectorId: 1 } });
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: [{ station: id, facts }], frames: [socket.recording(id)] });
  expect(system.defects()).toEqual([]);
});
