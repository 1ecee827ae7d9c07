import { describe, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { accepting, anotherProcess, bus, connect, database, never, pod, send, services, stored, useCommandService } from './command-fixture.js';

useCommandService();

describe('what any client may send', () => {
  test.each([
    ['no JSON', '{"station":', 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['a list', '[]', 'bad-value'],
    ['null', 'null', 'bad-value'],
    ['no station', '{"action":"Reset","payload":{}}', 'bad-value'],
    ['an empty station', '{"station":"","action":"Reset","payload":{}}', 'bad-value'],
    ['a station that is a number', '{"station":7,"action":"Reset","payload":{}}', 'bad-value'],
    ['no action', '{"station":"CS","payload":{}}', 'bad-value'],
    ['an action with white space', '{"station":"CS","action":"Re set","payload":{}}', 'bad-value'],
    ['no payload', '{"station":"CS","action":"Reset"}', 'bad-value'],
    ['a payload that is a list', '{"station":"CS","action":"Reset","payload":[]}', 'bad-value'],
    ['a timeout of nothing', '{"station":"CS","action":"Reset","payload":{},"timeoutSeconds":0}', 'bad-value'],
    ['a timeout of hours', '{"station":"CS","action":"Reset","payload":{},"timeoutSeconds":7200}', 'bad-value'],
    ['an idempotency key that cannot be stored', '{"station":"CS","action":"Reset","payload":{},"idempotencyKey":"\\u0000"}', 'bad-value'],
    ['a name of who asks that cannot be stored', '{"station":"CS","action":"Reset","payload":{},"requestedBy":"\\u0000"}', 'bad-value'],
    ['a tenant that cannot be stored', '{"tenant":"\\u0000","station":"CS","action":"Reset","payload":{}}', 'bad-value'],
  ])('%s is answered with an error', async (_, body, code) => {
    const reply = await bus.connection.request('csms.command.send', body, { timeout: 15_000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe(code);
    expect(reply.headers?.get('Nats-Service-Error')).not.toBe('');
    expect(reply.json()).toMatchObject({ code, message: expect.any(String) });
  });

  test('tenant and timeout may be left out', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const reply = await bus.connection.request('csms.command.send', JSON.stringify({ station, action: 'ClearCache', payload: {} }), { timeout: 15_000 });
    expect(reply.headers?.has('Nats-Service-Error-Code') ?? false).toBe(false);
    expect(reply.json()).toMatchObject({ state: 'accepted' });
    expect(gateway.calls[0]!.deadline - Date.now()).toBeGreaterThan(25_000);
  });
});

test('a command whose process died ends as unknown', async () => {
  const gateway = await pod(never);
  const { station } = await connect(gateway.name);
  const open = send(station, { idempotencyKey: 'crash', timeoutSeconds: 600 });
  open.catch(() => undefined);
  const call = await eventually('the command is on its way', () => gateway.calls[0]);
  // As if the process had died after sending: the row stays behind, its time runs out.
  await database.prisma.command.update({ where: { id: call.id }, data: { deadline: new Date(Date.now() - 10_000) } });
  const row = await eventually('the command has ended', async () => {
    const found = await stored(call.id);
    return found.finishedAt && found;
  });
  expect(row).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
});

test('a process that is told to stop answers what it has in work as unknown', async () => {
  const gateway = await pod(never);
  const { station } = await connect(gateway.name);
  const open = send(station, { timeoutSeconds: 600 });
  await eventually('the command is on its way', () => gateway.calls[0]);
  await Promise.all(services.splice(0).map((service) => service.stop()));
  const answer = await open;
  expect(answer).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
  expect(await stored(answer.id)).toMatchObject({ state: 'unknown' });
  services.push(await anotherProcess());
});
