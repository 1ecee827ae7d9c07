import { afterAll, describe, expect, test } from '@jest/globals';
import { rotatePasswordCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket, refusal } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { basic, Charger } from '../security/charger.js';
import type { ServiceName } from '../system.js';
import { TableLock } from '../table-lock.js';

/** Between the command service and everybody that it talks to. */
const wire = 'command NATS_URL';

let made = 0;
/** Every password that was ever sent. */
const sent: string[] = [];
const chargers: Charger[] = [];

afterAll(async () => {
  for (const { socket } of chargers) socket?.terminate();
});
useSystem({ only: ['session', 'transaction', 'command', 'gateway-1'], wires: [wire] });

/** A charger that is connected with its first password. */
async function charger(): Promise<Charger> {
  const id = `CS-${++made}`;
  await operator.knowsWithPassword(id, 'the first password');
  const connected = await new Charger(system.ocppUrl('gateway-1'), id, 'the first password').connect();
  chargers.push(connected);
  return connected;
}

/** Orders a new password. The answer may never come: its service may be killed. */
function rotate({ id }: Charger, timeoutSeconds = 20): { answer: Promise<CommandAnswer | Error> } {
  const asked = operator.bus.ask(rotatePasswordCommand, {}, { tenant: 'default', station: id, timeoutSeconds }, 60_000);
  return { answer: asked.catch((error: unknown) => error as Error) };
}

const pending = async ({ id }: Charger) => Number((await operator.rows<{ n: string }>('SELECT count(*) AS n FROM pending_password WHERE station = $1', id))[0]!.n);

async function kill(name: ServiceName): Promise<void> {
  system.service(name).kill('SIGKILL');
  await system.service(name).exited;
}

async function killed(name: ServiceName): Promise<void> {
  await kill(name);
  await system.startService(name);
}

/** Whatever happened: it comes in with the password that it has, and once that is settled no other is right. */
async function isNotLockedOut(it: Charger): Promise<void> {
  sent.push(...it.passwords.slice(1));
  await it.connect();
  await it.connect();
  if (it.passwords.length === 1) return;
  await eventually('the old password is wrong', async () => (await it.refusal(it.passwords[0]!).catch(() => undefined)) === 401);
  await it.connect();
  expect(await pending(it)).toBe(0);
}

describe('without interruption', () => {
  test('the charger has a new password, the old one is wrong, and the socket stays open', async () => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    expect(asked.payload).toEqual({ key: 'AuthorizationKey', value: expect.stringMatching(/^[0-9a-f]{40}$/) });
    it.take(asked);
    it.answer(asked, 'Accepted');
    expect(await answer).toMatchObject({ state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } });
    expect(await it.refusal('the first password')).toBe(401);
    expect((await it.socket!.call('Heartbeat', {}))[0]).toBe(3);
    await isNotLockedOut(it);
  });

  test.each(['Rejected', 'NotSupported'])('a charger that answers %s keeps its password, and the new one is wrong', async (status) => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    sent.push(asked.payload.value);
    it.answer(asked, status);
    expect(await answer).toMatchObject({ state: 'rejected' });
    expect(await it.refusal(asked.payload.value)).toBe(401);
    expect(await pending(it)).toBe(0);
    await isNotLockedOut(it);
  });

  test('a charger that quotes it in an error is not quoted', async () => {
    const it = await charger();
    const { answer } = rotate(it);
    const { id, payload: { value } } = await it.asked();
    sent.push(value);
    it.socket!.send(JSON.stringify([4, id, 'PropertyConstraintViolation', `${value.toUpperCase()} is too long`, { value }]));
    expect(await answer).toMatchObject({ state: 'failed', result: { type: 'CALLERROR', description: '*** is too long', details: { value: '***' } } });
  });

  test('a charger that takes it after a restart may use either until then', async () => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    it.answer(asked, 'RebootRequired');
    expect(await answer).toMatchObject({ state: 'accepted' });
    await it.connect();
    await it.connect();
    it.take(asked);
    await isNotLockedOut(it);
  });

  test('a charger that is offline keeps its password', async () => {
    const it = await charger();
    await it.socket!.close();
    await eventually('the charger is offline', async () => (await operator.rows('SELECT 1 FROM station WHERE id = $1 AND NOT online', it.id)).length === 1);
    expect(await rotate(it).answer).toMatchObject({ state: 'failed', result: { reason: 'offline' } });
    expect(await pending(it)).toBe(0);
    await isNotLockedOut(it);
  });

  test('a password that is sent by hand is learnt as well, and another one waits while it is on its way', async () => {
    const it = await charger();
    const value = '00112233445566778899aabbccddeeff00112233';
    const answer = operator.send(it.id, 'ChangeConfiguration', { key: 'authorizationKEY', value });
    const asked = await it.asked();
    expect(await rotate(it).answer).toMatchObject({ state: 'failed', result: { reason: expect.stringContaining('another new password') } });
    it.passwords.push(asked.payload.value);
    it.answer(asked, 'Accepted');
    expect(await answer).toMatchObject({ state: 'accepted' });
    await isNotLockedOut(it);
  });
});

test('a 2.0.1 station is given its password as a variable', async () => {
  const id = `CS-${++made}`;
  await operator.knowsWithPassword(id, 'the first password');
  const url = `${system.ocppUrl('gateway-1')}/${id}`;
  const socket = await RawSocket.open(url, { protocols: ['ocpp2.0.1'], ...basic(id, 'the first password') });
  await socket.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Ohmnibus', model: 'Two' } });
  const answer = operator.bus.ask(rotatePasswordCommand, {}, { tenant: 'default', station: id, timeoutSeconds: 20 }, 30_000);
  await eventually('it is asked to set it', () => socket.calls('SetVariables').length === 1);
  const [, message, , payload] = socket.calls('SetVariables')[0]!;
  const [data] = (payload as { setVariableData: { attributeValue: string; component: object; variable: object }[] }).setVariableData;
  const { attributeValue: password, ...variable } = data!;
  sent.push(password);
  expect(variable).toEqual({ component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } });
  socket.send(JSON.stringify([3, message, { setVariableResult: [{ ...variable, attributeStatus: 'Accepted' }] }]));
  expect(await answer).toMatchObject({ state: 'accepted' });
  await socket.close();
  expect(await refusal(url, { protocols: ['ocpp2.0.1'], ...basic(id, 'the first password') })).toBe(401);
  await (await RawSocket.open(url, { protocols: ['ocpp2.0.1'], ...basic(id, password) })).close();
});

describe('the socket is cut', () => {
  test.each([
    ['before the charger has taken it', false],
    ['after the charger has taken it, and before it answers', true],
  ])('%s', async (_when, taken) => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    sent.push(asked.payload.value);
    if (taken) it.take(asked);
    it.socket!.terminate();
    expect(await answer).toMatchObject({ state: 'unknown', result: { reason: 'connection-lost' } });
    await isNotLockedOut(it);
  });

  test('right after the answer', async () => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    it.take(asked);
    it.answer(asked, 'Accepted');
    it.socket!.terminate();
    expect(['accepted', 'unknown']).toContain(((await answer) as CommandAnswer).state);
    await isNotLockedOut(it);
  });

  test('with the gateway, which is killed', async () => {
    const it = await charger();
    const { answer } = rotate(it, 5);
    const asked = await it.asked();
    it.take(asked);
    await killed('gateway-1');
    expect(await answer).toMatchObject({ state: 'unknown' });
    await isNotLockedOut(it);
  });

  test('and the charger, which never answers, is given up', async () => {
    const it = await charger();
    const { answer } = rotate(it, 3);
    const asked = await it.asked();
    it.take(asked);
    expect(await answer).toMatchObject({ state: 'unknown', result: { reason: 'timeout' } });
    await isNotLockedOut(it);
  });
});

describe('the command service is killed', () => {
  test('before the new password is proposed', async () => {
    const it = await charger();
    system.wire(wire).hold('up');
    void rotate(it).answer;
    await eventually('it wants to propose the new password', () => system.wire(wire).waiting('up') > 0);
    await kill('command');
    system.wire(wire).drop('up');
    await system.startService('command');
    expect(await pending(it)).toBe(0);
    await isNotLockedOut(it);
  });

  test('after it is proposed, and before it is sent', async () => {
    const it = await charger();
    const lock = await TableLock.on(system, 'pending_password');
    void rotate(it).answer;
    await eventually('it is being proposed', async () => (await lock.waiting('session')).statements > 0);
    system.wire(wire).hold('down');
    await lock.release();
    await eventually('it is proposed', async () => (await pending(it)) === 1);
    await kill('command');
    system.wire(wire).drop('down');
    await system.startService('command');
    expect(it.socket!.calls('ChangeConfiguration')).toEqual([]);
    await isNotLockedOut(it);
  });

  test('after the charger was asked, and before the answer arrives', async () => {
    const it = await charger();
    void rotate(it).answer;
    const asked = await it.asked();
    it.take(asked);
    system.wire(wire).hold('down');
    it.answer(asked, 'Accepted');
    await eventually('the answer is on its way', () => system.wire(wire).waiting('down') > 0);
    await kill('command');
    system.wire(wire).drop('down');
    await system.startService('command');
    expect(await pending(it)).toBe(1);
    await isNotLockedOut(it);
  });

  test('after the answer, and before it is settled', async () => {
    const it = await charger();
    void rotate(it).answer;
    const asked = await it.asked();
    it.take(asked);
    system.wire(wire).hold('up');
    it.answer(asked, 'Accepted');
    await eventually('it wants to settle it', () => system.wire(wire).waiting('up') > 0);
    await kill('command');
    system.wire(wire).drop('up');
    await system.startService('command');
    expect(await pending(it)).toBe(1);
    await isNotLockedOut(it);
  });
});

describe('the session service is killed', () => {
  test('before it has stored the new password: nothing is sent', async () => {
    const it = await charger();
    system.service('session').kill('SIGSTOP');
    const { answer } = rotate(it);
    await eventually('the command is stored', async () => (await operator.rows(`SELECT 1 FROM command WHERE station = $1 AND state = 'queued'`, it.id)).length === 1);
    await killed('session');
    expect(await answer).toMatchObject({ state: 'failed' });
    expect(it.socket!.calls('ChangeConfiguration')).toEqual([]);
    await isNotLockedOut(it);
  });

  test('before it has settled it: it is settled later', async () => {
    const it = await charger();
    const { answer } = rotate(it);
    const asked = await it.asked();
    it.take(asked);
    await kill('session');
    it.answer(asked, 'Accepted');
    expect(await answer).toMatchObject({ state: 'accepted' });
    await system.startService('session');
    await eventually('it is settled without the charger', async () => (await pending(it)) === 0);
    await isNotLockedOut(it);
  });
});

test('no password is anywhere to be read: not in a table, not in a log, not in an event', async () => {
  expect(new Set(sent).size).toBeGreaterThan(10);
  const tables = await operator.rows<{ name: string }>(`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`);
  await eventually('the message log is complete', async () => (await operator.loggedText()).split('"ChangeConfiguration"').length > 10);
  const textOf = async (table: string) => (await operator.rows<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM "${table}" AS t`)).map((row) => row.text).join('\n');
  for (const { name } of tables) {
    const rows = (name === 'message_log' ? await operator.loggedText() : await textOf(name)).toLowerCase();
    for (const password of ['the first password', ...sent]) expect({ name, password, found: rows.includes(password.toLowerCase()) }).toEqual({ name, password, found: false });
  }
  const lines = [...system.services.values()].flatMap((service) => service.lines).join('\n').toLowerCase();
  expect([...sent, 'the first password'].filter((password) => lines.includes(password))).toEqual([]);
  expect(await operator.rows(`SELECT 1 FROM command WHERE payload::text LIKE '%***%'`)).not.toEqual([]);
});
