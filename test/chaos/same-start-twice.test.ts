import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { wholeSystem, type GatewayName } from '../system.js';
import { TableLock } from '../table-lock.js';

let lock: TableLock | undefined;
const sockets: RawSocket[] = [];

// Two processes may have the two starts in work.
useSystem({ only: [...wholeSystem.filter((name) => name !== 'api'), 'transaction-2'] });
beforeAll(async () => {
  await operator.accepts('TWICE');
});
afterEach(async () => {
  await lock?.release();
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

const start = { connectorId: 1, idTag: 'TWICE', meterStart: 7, timestamp: new Date().toISOString() };

async function open(gateway: GatewayName, id: string): Promise<RawSocket> {
  const socket = await RawSocket.open(`${system.ocppUrl(gateway)}/${id}`);
  sockets.push(socket);
  return socket;
}

/** The number in the answer to a start. */
const numberIn = ([, , result]: readonly unknown[]) => (result as { transactionId: number }).transactionId;
const numbersOf = async (id: string) => (await operator.rows<{ number: number }>('SELECT number FROM transaction WHERE station = $1', id)).map(({ number }) => number);

async function endAndCheck(id: string, socket: RawSocket, transactionId: number): Promise<void> {
  const stop = { transactionId, meterStop: 8, timestamp: new Date().toISOString() };
  const [, , result] = await socket.call('StopTransaction', stop);
  const facts = [
    { action: 'StartTransaction', payload: start, result: { transactionId } },
    { action: 'StopTransaction', payload: stop, result: result as Record<string, unknown> },
  ];
  await assertInvariants(system, { acknowledged: [{ station: id, facts }], frames: [socket.recording(id)] });
}

test('the same start sent on two gateways at once is one transaction', async () => {
  for (const round of Array.from({ length: 8 }, (_, i) => i)) {
    const id = `TWICE-${round}`;
    await operator.knows(id);
    const both = await Promise.all((['gateway-1', 'gateway-2'] as const).map((gateway) => open(gateway, id)));
    const answers = await Promise.allSettled(both.map((socket, i) => socket.call('StartTransaction', start, `start-${i}`)));
    // The one whose socket was closed in favour of the other may go without an answer.
    const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [numberIn(answer.value)] : []));
    expect(given.length).toBeGreaterThan(0);
    expect(await numbersOf(id)).toEqual([...new Set(given)]);
    const left = await eventually('one of them is closed in favour of the other', () => {
      const [first, ...others] = both.filter(({ closed }) => closed === undefined);
      return others.length === 0 && first;
    });
    await endAndCheck(id, left, given[0]!);
  }
});

test('it is one even if both are about to be committed at the same moment', async () => {
  const id = 'TWICE-HELD';
  await operator.knows(id);
  const held = (lock = await TableLock.on(system, 'transaction'));
  const older = await open('gateway-1', id);
  older.send(JSON.stringify([2, 'one', 'StartTransaction', start]));
  await eventually('the start of the first gateway waits for its commit', async () => (await held.waiting('transaction')).statements === 1);
  const newer = await open('gateway-2', id);
  newer.send(JSON.stringify([2, 'two', 'StartTransaction', start]));
  await eventually('the start of the second gateway waits as well', async () => (await held.waiting('transaction')).statements === 2);
  await held.release();
  const number = numberIn(await newer.answerTo('two'));
  expect(await numbersOf(id)).toEqual([number]);
  await endAndCheck(id, newer, number);
});
