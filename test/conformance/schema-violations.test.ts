import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { versions } from '@ohmnibus/ocpp';
import { assertInvariants } from '../invariants.js';
import { belatedTables } from '../operator.js';
import type { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { answersTo, bootedStation } from './booted-station.js';
import { tolerated, violations, type Wrong } from './schema-violations.js';

/** What is wrong, in the words of each version (1.6 and 1.5 misspell two of them, which is the standard's). */
const codes = {
  v15: { missing: 'OccurenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormationViolation' },
  v16: { missing: 'OccurenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormationViolation' },
  v201: { missing: 'OccurrenceConstraintViolation', type: 'TypeConstraintViolation', value: 'PropertyConstraintViolation', extra: 'FormatViolation' },
} satisfies Record<string, Record<Wrong, string>>;

useSystem({ only: ['session', 'transaction', 'gateway-1'] });

describe.each(Object.values(versions))('in $subprotocol', ({ name: version, fromStation }) => {
  let socket: RawSocket;

  beforeAll(async () => {
    socket = await bootedStation(system, operator, `SCHEMA-${version}`, version);
  });
  afterAll(() => socket?.close());

  /** What became of these payloads, in their order. */
  const outcomes = async (action: string, payloads: readonly unknown[]) => (await answersTo(socket, action, payloads)).map(([type, , code]) => (type === 3 ? 'result' : String(code)));

  const stored = () => operator.rowCounts(...belatedTables);

  test.each(fromStation)('$action is refused for whatever is wrong with it, and nothing of it is kept', async ({ action, requestSchema }) => {
    const before = await stored();
    const cases = violations(requestSchema);
    const given = await outcomes(action, cases.map(({ payload }) => payload));
    const told = cases.map(({ name }, i) => `${name}: ${given[i]}`);
    expect(told).toEqual(cases.map(({ name, wrong }) => `${name}: ${codes[version][wrong]}`));
    expect(await socket.call('Heartbeat', {})).toEqual([3, expect.any(String), { currentTime: expect.any(String) }]);
    expect(await stored()).toEqual(before);
  });

  const open = fromStation.map(({ action, requestSchema }) => ({ action, cases: tolerated(requestSchema) })).filter(({ cases }) => cases.length > 0);
  test.each(open)("$action may hold a vendor's own fields where the schema leaves room for them", async ({ action, cases }) => {
    const given = await outcomes(action, cases.map(({ payload }) => payload));
    expect(cases.map(({ name }, i) => `${name}: ${given[i]}`)).toEqual(cases.map(({ name }) => `${name}: result`));
  });
});

test('no process told of a defect, and the invariants hold', async () => {
  await assertInvariants(system);
  expect(system.defects()).toEqual([]);
});
