import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { versions } from '@ohmnibus/ocpp';
import { payloads } from '@ohmnibus/testkit';
import fc from 'fast-check';
import type { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { answersTo, bootedStation } from './booted-station.js';

/** The same payloads in every run, so that what fails today fails tomorrow. */
const seed = 20_261_122;
const perAction = 80;

useSystem({ only: ['session', 'transaction', 'gateway-1'] });
beforeAll(async () => {
  await operator.accepts('TAG');
});

/** What a station may send: whatever the schema allows, with no more in it than Postgres can hold (no NUL, no half of a character). */
function sample(schema: object, validate: (payload: unknown) => unknown): unknown[] {
  const valid = (payload: unknown) => {
    try {
      return Boolean(validate(JSON.parse(JSON.stringify(payload)))) && !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(payload));
    } catch {
      return false;
    }
  };
  return fc.sample(payloads(schema).filter(valid), { numRuns: perAction, seed });
}

describe.each(Object.values(versions))('in $subprotocol', ({ name: version, fromStation }) => {
  let socket: RawSocket;

  beforeAll(async () => {
    socket = await bootedStation(system, operator, `RANDOM-${version}`, version);
  });
  afterAll(() => socket?.close());

  /** The CALLERRORs, each with the payload that it answers. */
  async function errors(action: string, sent: readonly unknown[]): Promise<string[]> {
    const answers = await answersTo(socket, action, sent);
    return answers.flatMap(([type, , ...error], i) => (type === 3 ? [] : [`${error.slice(0, 2).join(': ')} for ${JSON.stringify(sent[i])}`]));
  }

  const [ofTransactions, others] = [true, false].map((wanted) => fromStation.filter(({ operation }) => (operation.service === 'transaction') === wanted));

  test.each(ofTransactions!)('$action is answered with a result, however odd what it says', async ({ action, requestSchema, validate }) => {
    expect(await errors(action, sample(requestSchema, validate))).toEqual([]);
  });

  // The standard means 32 bits by an integer, which no schema says.
  const tooLarge = /^PropertyConstraintViolation: .*(does not fit its column|out of range for type integer) for /;

  test.each(others!)('$action is answered with a result, unless a number is of more than 32 bits', async ({ action, requestSchema, validate }) => {
    const refused = await errors(action, sample(requestSchema, validate));
    expect(refused.filter((error) => !tooLarge.test(error))).toEqual([]);
  });
});

// The invariants do not hold here: random readings name one transaction for two connectors.
test('no process told of a defect', () => {
  expect(system.defects()).toEqual([]);
});
