import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { versions } from '@ohmnibus/ocpp';
import { eventually } from '@ohmnibus/testkit';
import type { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { bootedStation } from './booted-station.js';
import { wholePayload } from './schema-violations.js';

useSystem({ only: ['session', 'transaction', 'command', 'api', 'gateway-1'] });

describe.each(Object.values(versions))('to a station that speaks $subprotocol', ({ name: version, toStation }) => {
  const station = `COMMANDED-${version}`;
  let socket: RawSocket;

  beforeAll(async () => {
    socket = await bootedStation(system, operator, station, version);
  });
  afterAll(() => socket?.close());

  /** One message of those that share an action. */
  const messages = new Map(toStation.map((message) => [message.action, message]));

  test.each([...messages.values()])('$action goes through the command endpoint as it is given, and the answer comes back as it is', async ({ action, requestSchema, replySchema, toVerdict }) => {
    const [payload, reply] = [wholePayload(requestSchema), wholePayload(replySchema)];
    const before = socket.calls(action).length;
    const command = system.rest('POST', `/stations/${station}/commands`, { action, payload, timeoutSeconds: 20 });
    const [, id, , sent] = await eventually(`the station is asked for ${action}`, () => socket.calls(action)[before]);
    expect(sent).toEqual(payload);
    socket.send(JSON.stringify([3, id, reply]));
    const state = toVerdict(reply).accepted ? 'accepted' : 'rejected';
    expect(await command).toMatchObject({ status: 200, body: { state, result: { type: 'CALLRESULT', payload: reply } } });
  });
});

test('no process told of a defect: what the answers tell was learnt', () => {
  expect(system.defects()).toEqual([]);
});
