import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { versions } from '@ohmnibus/ocpp';
import { assertInvariants } from '../invariants.js';
import { Operator } from '../operator.js';
import { RawSocket } from '../raw-socket.js';
import { System } from '../system.js';
import { bootPayloads } from './boot-payloads.js';
import { tolerated, violations, type Wrong } from './schema-violations.js';

/** What is wrong, in the words of each version (1.6 and 1.5 misspell two of them, which is the standard's). */
const codes = {
  v15: { missing: 'OccurenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormationViolation' },
  v16: { missing: 'OccurenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormationViolation' },
  v201: { missing: 'OccurrenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormatViolation' },
} satisfies Record<string, Record<Wrong, string>>;

/** How many CALLs of one station are under way at once: fewer than a gateway lets wait. */
const window = 20;

let system: System;
let operator: Operator;

beforeAll(async () => {
  system = await System.start({ only: ['session', 'transaction', 'gateway-1'] });
  operator = await Operator.of(system);
}, 60_000);
afterAll(async () => {
  await operator?.close();
  await system?.stop();
}, 60_000);

describe.each(Object.values(versions))('in $subprotocol', ({ name: version, subprotocol, fromStation }) => {
  const station = `SCHEMA-${version}`;
  let socket: RawSocket;

  beforeAll(async () => {
    await operator.knows(station);
    socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/${station}`, { protocols: [subprotocol] });
    expect(await socket.call('BootNotification', bootPayloads[version])).toMatchObject([3, expect.any(String), { status: 'Accepted' }]);
  });
  afterAll(() => socket?.close());

  /** The answers to these payloads, in their order. */
  async function answers(action: string, payloads: readonly unknown[]): Promise<string[]> {
    const given: string[] = [];
    for (let from = 0; from < payloads.length; from += window) {
      const calls = payloads.slice(from, from + window).map((payload) => socket.call(action, payload as object));
      given.push(...(await Promise.all(calls)).map(([type, , code]) => (type === 3 ? 'result' : String(code))));
    }
    return given;
  }

  /** What is stored, but for the message log and the events that tell of connections. */
  const stored = () => operator.rowCounts('message_log', 'outbox');

  test.each(fromStation)('$action is refused for whatever is wrong with it, and nothing of it is kept', async ({ action, requestSchema }) => {
    const before = await stored();
    const cases = violations(requestSchema);
    const given = await answers(action, cases.map(({ payload }) => payload));
    const told = cases.map(({ name }, i) => `${name}: ${given[i]}`);
    expect(told).toEqual(cases.map(({ name, wrong }) => `${name}: ${codes[version][wrong]}`));
    expect(await socket.call('Heartbeat', {})).toEqual([3, expect.any(String), { currentTime: expect.any(String) }]);
    expect(await stored()).toEqual(before);
  });

  const open = fromStation.map(({ action, requestSchema }) => ({ action, cases: tolerated(requestSchema) })).filter(({ cases }) => cases.length > 0);
  test.each(open)("$action may hold a vendor's own fields where the schema leaves room for them", async ({ action, cases }) => {
    const given = await answers(action, cases.map(({ payload }) => payload));
    expect(cases.map(({ name }, i) => `${name}: ${given[i]}`)).toEqual(cases.map(({ name }) => `${name}: result`));
  });
});

test('no process told of a defect, and the invariants hold', async () => {
  await assertInvariants(system);
  expect(system.defects()).toEqual([]);
}, 60_000);
