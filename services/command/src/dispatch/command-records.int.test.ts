import { Database } from '@ohmnibus/database';
import { Fault, systemClock } from '@ohmnibus/domain';
import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { randomUUID } from 'node:crypto';
import { accepting, connect, database, databaseUrl, fresh, pod, presence, result, send, stored, tenant, useCommandService } from '../command-fixture.js';
import { CommandRecords } from './command-records.js';
import { CommandStore, type NewCommand } from './command-store.js';
import { FinishOverdue } from '../overdue/finish-overdue.js';
import { End } from './end.js';

useCommandService();

const row = (id: string) => database.prisma.command.findUnique({ where: { id } });
const accepted = { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } as const;
const acceptedNow = () => new End(accepted.state, accepted.result, new Date());

function newCommand(more: Partial<NewCommand> = {}): NewCommand {
  const createdAt = new Date();
  const deadline = new Date(createdAt.getTime() + 60_000);
  return { id: randomUUID(), tenant, station: fresh('CS'), action: 'Reset', payload: '{"type":"Soft"}', idempotencyKey: undefined, requestedBy: 'a test', createdAt, deadline, ...more };
}

/** Redis's clock is known to a few milliseconds, so what was noted just now may lie ahead of it. */
const anyAge = -10_000;

/** The records of a process of its own. */
const recordsOn = (on: Database) => new CommandRecords(new CommandStore(on), presence.journal('commands'));

test('a command whose station takes its time can be seen meanwhile', async () => {
  let answer: (() => void) | undefined;
  const gateway = await pod(() => new Promise((resolve) => (answer = () => resolve(accepting()))));
  const { station } = await connect(gateway.name);
  const open = send(station, { timeoutSeconds: 60 });
  const { id } = await eventually('it is on its way', () => gateway.calls[0]);
  const seen = await eventually('its row is there', () => row(id));
  expect(seen).toMatchObject({ state: 'queued', finishedAt: null, payload: { type: 'Soft' } });
  answer?.();
  expect(await open).toEqual({ id, ...accepted });
  expect(await stored(id)).toMatchObject({ ...accepted, createdAt: seen.createdAt, finishedAt: expect.any(Date) });
});

test('a command that was noted by a process that died is brought to the table, and ends as unknown', async () => {
  const command = newCommand({ deadline: new Date(Date.now() - 10_000) });
  const dies = recordsOn(database);
  await dies.open(command, false);
  await dies.close();
  expect(await row(command.id)).toBeNull();
  await recordsOn(database).inherit(anyAge);
  const { action, payload, requestedBy, createdAt, deadline } = command;
  const end = { state: 'unknown', result: { type: 'none', reason: 'interrupted' } };
  const ended = await eventually('it has ended', async () => {
    const found = await row(command.id);
    return found?.finishedAt && found;
  });
  expect(ended).toMatchObject({ action, payload: JSON.parse(payload), requestedBy, createdAt, deadline, ...end });
});

test('a command that has ended is not touched by somebody who takes its process for dead', async () => {
  const records = recordsOn(database);
  const [command, open] = [newCommand(), newCommand()];
  const [record] = await Promise.all([records.open(command, false), records.open(open, false)]);
  await record?.finish(acceptedNow());
  await recordsOn(database).inherit(anyAge);
  expect(await row(open.id)).toMatchObject({ state: 'queued' });
  expect(await row(command.id)).toMatchObject(accepted);
});

test('a process that was taken for dead finishes its command all the same', async () => {
  const command = newCommand();
  const record = await recordsOn(database).open(command, false);
  await recordsOn(database).inherit(anyAge);
  expect(await row(command.id)).toMatchObject({ state: 'queued' });
  await record?.finish(acceptedNow());
  expect(await row(command.id)).toMatchObject(accepted);
});

test('a command that had ended before its process died is brought to the table with its end', async () => {
  const command = newCommand();
  const record = await recordsOn(database).open(command, false);
  const end = acceptedNow();
  expect(await record?.keep(end)).toBe(true);
  expect(await row(command.id)).toBeNull();
  await eventually('it is in the table', async () => {
    await recordsOn(database).inherit(anyAge);
    return row(command.id);
  });
  expect(await row(command.id)).toMatchObject({ ...accepted, payload: { type: 'Soft' }, requestedBy: 'a test', finishedAt: end.at });
});

test('an end is kept nowhere but in the table if somebody wrote the command there, or if it is long', async () => {
  const records = recordsOn(database);
  const [seen, long] = [await records.open(newCommand(), false), await records.open(newCommand(), false)];
  await seen?.store();
  expect(seen?.keep(acceptedNow())).toBeUndefined();
  expect(long?.keep(new End('accepted', { type: 'CALLRESULT', payload: 'x'.repeat(20_000) }, new Date()))).toBeUndefined();
});

test('whoever asks for it is answered when the command can be read', async () => {
  const gateway = await pod(accepting);
  const { station } = await connect(gateway.name);
  for (let i = 0; i < 20; i++) {
    const { id } = await send(station, { stored: true });
    expect(await row(id)).toMatchObject(accepted);
  }
});

test('what a process that died left behind ends even if its notes cannot be looked for', async () => {
  const command = newCommand({ deadline: new Date(Date.now() - 10_000) });
  const records = recordsOn(database);
  await records.open(command, true);
  const inherit = () => Promise.reject(new Fault('unavailable', 'Redis is not connected'));
  const overdue: number[] = [];
  const finish = new FinishOverdue(new CommandStore(database), { inherit }, systemClock, { overdue: (count) => overdue.push(count), failed: () => undefined });
  await expect(finish.run()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await row(command.id)).toMatchObject({ state: 'unknown' });
});

test('two processes that write the same commands in opposite orders do not wait for each other in a circle', async () => {
  const other = new Database({ url: databaseUrl(), name: 'other' });
  const stores = [new CommandStore(database), new CommandStore(other)];
  for (let round = 0; round < 10; round++) {
    const commands = Array.from({ length: 300 }, () => newCommand());
    const orders = [commands, commands.toReversed()];
    const written = await Promise.all(stores.map((store, i) => Promise.all(orders[i]!.map((command) => store.insert(command)))));
    expect(written.flat().filter((isNew) => isNew)).toHaveLength(300);
  }
  await other.close();
});

test('a command under an id that is taken is none', async () => {
  const records = recordsOn(database);
  const command = newCommand();
  expect(await records.open(command, true)).toBeDefined();
  expect(await records.open(command, true)).toBeUndefined();
});

test('while the database is away commands are refused', async () => {
  const away = new Database({ url: 'postgresql://nobody@127.0.0.1:1/none', name: 'away' });
  const records = recordsOn(away);
  // Nobody knows yet.
  const record = await records.open(newCommand(), false);
  await expect(record?.finish(acceptedNow())).rejects.toMatchObject({ code: 'unavailable' });
  await expect(records.open(newCommand(), false)).rejects.toMatchObject({ code: 'unavailable' });
  await away.close();
});

test.each([
  ['the payload', { payload: { type: 'Soft', deep: nested(2_000) } }, accepting()],
  ['the reply', {}, result({ status: 'Accepted', deep: nested(2_000) })],
])('%s may be nested', async (_, more, outcome) => {
  const gateway = await pod(() => outcome);
  const { station } = await connect(gateway.name);
  const { id } = await send(station, more);
  expect(await stored(id)).toMatchObject({ state: 'accepted' });
});

test('a reply that is nested too deeply to be kept is answered, and the command is there', async () => {
  const gateway = await pod(() => ({ kind: 'result', payload: `{"status":"Accepted","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}` }));
  const { station } = await connect(gateway.name);
  const neighbour = await pod(accepting);
  const { station: other } = await connect(neighbour.name);
  const [deep, plain] = await Promise.allSettled([send(station), send(other)]);
  expect(plain).toMatchObject({ status: 'fulfilled', value: accepted });
  expect(deep.status).toBeDefined();
  await eventually('its row is there', () => row(gateway.calls[0]!.id));
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
