import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from 'nats';
import { assertInvariants } from '../invariants.js';
import { operator, system, useSystem } from '../running.js';
import { apiKey } from '../system.js';

let nats: NatsConnection;
let counts: Record<string, number>;
let pids: number[];

afterAll(async () => {
  await nats?.close();
});
useSystem({ only: ['session', 'transaction', 'command', 'api', 'gateway-1'] });
beforeAll(async () => {
  nats = await connect({ servers: system.kit.natsUrl });
  await operator.knows('KNOWN');
  await operator.accepts('KNOWN');
  counts = await operator.rowCounts();
  pids = [...system.services.values()].map(({ pid }) => pid);
});

interface Request {
  readonly name: string;
  readonly ask: string;
  readonly status: number;
  /** Text goes out as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const commands = 'POST /stations/KNOWN/commands';
const action = 'ClearCache';
const payload = {};

const requests: readonly Request[] = [
  { name: 'no key', ask: 'GET /stations', status: 401, headers: { authorization: '' } },
  { name: 'a wrong key', ask: 'GET /stations', status: 401, headers: { authorization: 'Bearer wrong-key-that-is-long-enough' } },
  { name: 'a key of another scheme', ask: 'GET /stations', status: 401, headers: { authorization: `Basic ${apiKey}` } },
  { name: 'a key that goes on', ask: 'GET /stations', status: 401, headers: { authorization: `Bearer ${apiKey}x` } },
  { name: 'an unknown path', ask: 'GET /planets', status: 404 },
  { name: 'a method that there is not', ask: 'PATCH /stations/KNOWN', status: 404 },
  { name: 'an unknown station', ask: 'GET /stations/UNKNOWN', status: 404 },
  { name: 'a station with a NUL in its name', ask: 'GET /stations/KNOWN%00', status: 404 },
  { name: 'a station with a broken escape', ask: 'GET /stations/%FF', status: 400 },
  { name: 'a new station with a colon', ask: 'PUT /stations/a:b', status: 400, body: {} },
  { name: 'a new station of 49 characters', ask: `PUT /stations/${'x'.repeat(49)}`, status: 400, body: {} },
  { name: 'a new station with a line break', ask: 'PUT /stations/a%0Ab', status: 400, body: {} },
  { name: 'a short password', ask: 'PUT /stations/NEW', status: 400, body: { password: 'short' } },
  { name: 'a password that is a number', ask: 'PUT /stations/NEW', status: 400, body: { password: 12_345_678 } },
  { name: 'a field too many', ask: 'PUT /stations/NEW', status: 400, body: { colour: 'red' } },
  { name: 'a disconnect of a station that is offline', ask: 'POST /stations/KNOWN/disconnect', status: 409 },
  { name: 'a body that is no JSON', ask: commands, status: 400, body: '{"action":' },
  { name: 'a body that is a list', ask: commands, status: 400, body: [] },
  { name: 'a body that is null', ask: commands, status: 400, body: 'null' },
  { name: 'a body of another kind', ask: commands, status: 400, body: '<action/>', headers: { 'content-type': 'application/xml' } },
  { name: 'a body of two megabytes', ask: commands, status: 413, body: { action, payload: { data: 'x'.repeat(2_000_000) } } },
  { name: 'no action', ask: commands, status: 400, body: { payload } },
  { name: 'an action that is a number', ask: commands, status: 400, body: { action: 5, payload } },
  { name: 'an action of other signs', ask: commands, status: 400, body: { action: 'Clear","Cache', payload } },
  { name: 'no payload', ask: commands, status: 400, body: { action } },
  { name: 'a payload that is a list', ask: commands, status: 400, body: { action, payload: [] } },
  { name: 'a payload that is text', ask: commands, status: 400, body: { action, payload: '{}' } },
  { name: 'no time at all', ask: commands, status: 400, body: { action, payload, timeoutSeconds: 0 } },
  { name: 'a time that is over', ask: commands, status: 400, body: { action, payload, timeoutSeconds: -1 } },
  { name: 'a time without end', ask: commands, status: 400, body: { action, payload, timeoutSeconds: 1e9 } },
  { name: 'a time in words', ask: commands, status: 400, body: { action, payload, timeoutSeconds: 'soon' } },
  { name: 'a command to an unknown station', ask: 'POST /stations/UNKNOWN/commands', status: 404, body: { action, payload } },
  { name: 'two different idempotency keys', ask: commands, status: 400, body: { action, payload, idempotencyKey: 'a' }, headers: { 'idempotency-key': 'b' } },
  { name: 'a start without a token', ask: 'POST /stations/KNOWN/start', status: 400, body: {} },
  { name: 'a start with a token of 37 characters', ask: 'POST /stations/KNOWN/start', status: 400, body: { token: 'x'.repeat(37) } },
  { name: 'a start at half an EVSE', ask: 'POST /stations/KNOWN/start', status: 400, body: { token: 'KNOWN', evse: 0.5 } },
  { name: 'a start at EVSE 0', ask: 'POST /stations/KNOWN/start', status: 400, body: { token: 'KNOWN', evse: 0 } },
  { name: 'a stop of nothing', ask: 'POST /stations/KNOWN/stop', status: 400, body: {} },
  { name: 'a stop of an unknown transaction', ask: 'POST /stations/KNOWN/stop', status: 404, body: { transaction: '12345' } },
  { name: 'a stop of a number', ask: 'POST /stations/KNOWN/stop', status: 400, body: { transaction: 12_345 } },
  { name: 'an unknown command', ask: 'GET /commands/00000000-0000-4000-8000-000000000000', status: 404 },
  { name: 'a command with an id that is none', ask: 'GET /commands/me', status: 404 },
  { name: 'an unknown transaction', ask: 'GET /transactions/12345', status: 404 },
  { name: 'a transaction in words', ask: 'GET /transactions/mine', status: 404 },
  { name: 'a transaction of too many digits', ask: 'GET /transactions/99999999999999999999', status: 404 },
  { name: 'a filter that says maybe', ask: 'GET /transactions?open=maybe', status: 400 },
  { name: 'a filter that there is not', ask: 'GET /transactions?colour=red', status: 400 },
  { name: 'a filter given twice', ask: 'GET /transactions?station=A&station=B', status: 400 },
  { name: 'a filter with a NUL in it', ask: 'GET /transactions?station=%00', status: 400 },
  { name: 'an empty page', ask: 'GET /stations?limit=0', status: 400 },
  { name: 'an endless page', ask: 'GET /stations?limit=1000000', status: 400 },
  { name: 'a page that nobody gave', ask: 'GET /stations?cursor=next', status: 400 },
  { name: 'a page of another list', ask: `GET /transactions?cursor=${Buffer.from('["KNOWN"]').toString('base64url')}`, status: 400 },
  { name: 'a token with a status that there is not', ask: 'PUT /tokens/NEW', status: 400, body: { status: 'Maybe' } },
  { name: 'a token that expires in words', ask: 'PUT /tokens/NEW', status: 400, body: { expiresAt: 'tomorrow' } },
  { name: 'a token of 37 characters', ask: `PUT /tokens/${'x'.repeat(37)}`, status: 400, body: {} },
  { name: 'an unknown token', ask: 'DELETE /tokens/UNKNOWN', status: 404 },
];

describe('over REST', () => {
  test.each(requests)('$name: $status for $ask', async ({ ask, status, body, headers }) => {
    const [method = '', path = ''] = ask.split(' ');
    const response = await fetch(`${system.apiUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({ status, type: expect.stringContaining('application/problem+json') });
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, type: `urn:ohmnibus:problem:${String(problem['code'])}`, title: expect.stringMatching(/./), detail: expect.stringMatching(/./) });
    expect(await operator.rowCounts()).toEqual(counts);
  });
});

const send = 'csms.command.send';
const questions: readonly { readonly name: string; readonly subject: string; readonly data: string | Uint8Array; readonly code: string }[] = [
  { name: 'nothing', subject: send, data: '', code: 'unreadable' },
  { name: 'no JSON', subject: send, data: 'ClearCache', code: 'unreadable' },
  { name: 'no UTF-8', subject: send, data: Uint8Array.of(0xff, 0xfe), code: 'unreadable' },
  { name: 'a list', subject: send, data: '[]', code: 'bad-value' },
  { name: 'null', subject: send, data: 'null', code: 'bad-value' },
  { name: 'no station', subject: send, data: JSON.stringify({ action, payload }), code: 'bad-value' },
  { name: 'a station that is a number', subject: send, data: JSON.stringify({ station: 5, action, payload }), code: 'bad-value' },
  { name: 'a station with a NUL in its name', subject: send, data: JSON.stringify({ station: 'A\0B', action, payload }), code: 'bad-value' },
  { name: 'a payload that is text', subject: send, data: JSON.stringify({ station: 'KNOWN', action, payload: '{}' }), code: 'bad-value' },
  { name: 'an action of other signs', subject: send, data: JSON.stringify({ station: 'KNOWN', action: '","', payload }), code: 'bad-value' },
  { name: 'no time at all', subject: send, data: JSON.stringify({ station: 'KNOWN', action, payload, timeoutSeconds: 0 }), code: 'bad-value' },
  { name: 'a start without a token', subject: 'csms.command.start', data: JSON.stringify({ station: 'KNOWN' }), code: 'bad-value' },
  { name: 'a start with a token of 37 characters', subject: 'csms.command.start', data: JSON.stringify({ station: 'KNOWN', token: 'x'.repeat(37) }), code: 'bad-value' },
  { name: 'a stop of an unknown transaction', subject: 'csms.command.stop', data: JSON.stringify({ station: 'KNOWN', transaction: '12345' }), code: 'not-found' },
  { name: 'a stop of a number', subject: 'csms.command.stop', data: JSON.stringify({ station: 'KNOWN', transaction: 12_345 }), code: 'bad-value' },
  { name: 'a new station with a colon', subject: 'session.station.put', data: JSON.stringify({ tenant: 'default', station: 'a:b' }), code: 'bad-value' },
  { name: 'a new token with a status that there is not', subject: 'transaction.token.put', data: JSON.stringify({ tenant: 'default', token: 'T', status: 'Maybe', expiresAt: null, group: null }), code: 'bad-value' },
];

describe('over NATS', () => {
  test.each(questions)('$name to $subject: $code', async ({ subject, data, code }) => {
    const answer = await nats.request(subject, data, { timeout: 15_000 });
    expect({ header: answer.headers?.get('Nats-Service-Error-Code'), body: answer.json() }).toEqual({ header: code, body: expect.objectContaining({ code }) });
    expect(await operator.rowCounts()).toEqual(counts);
  });

  test.each(['ocpp.in.session.0', 'ocpp.in.transaction.0', 'session.admission', 'session.connection', 'session.sighting', 'session.message-log', 'session.station-changed'])(
    'bytes that are no pack do no harm to %s',
    async (subject) => {
      for (const bytes of [Uint8Array.of(), Uint8Array.of(1), new Uint8Array(64).fill(0xff), Buffer.from('[2,"a","Heartbeat",{}]')]) {
        nats.publish(subject, bytes);
        nats.publish(subject, bytes, { reply: `somewhere.${subject}.1.1` });
      }
      await nats.flush();
      // The same service answers good questions afterwards.
      expect(await operator.send('KNOWN', action, payload)).toMatchObject({ state: 'failed', result: { reason: 'offline' } });
      await operator.accepts('KNOWN');
      await operator.knows('KNOWN');
      expect({ ...(await operator.rowCounts()), command: counts['command'] }).toEqual(counts);
    },
  );
});

test('no process died or told of a defect', async () => {
  expect([...system.services.values()].map(({ pid }) => pid).filter((pid) => process.kill(pid, 0))).toEqual(pids);
  await assertInvariants(system);
  expect(system.defects()).toEqual([]);
});
