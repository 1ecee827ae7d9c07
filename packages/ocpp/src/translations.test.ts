import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc, { type Arbitrary } from 'fast-check';
import { Fault, registrations, type Origin } from '@ohmnibus/domain';
import { payloads } from '@ohmnibus/testkit';
import { versions } from './catalogue.js';

// A failure names the seed and the path that repeat it: fc.assert(..., { seed, path }).
const runs = { numRuns: 150 };

const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
addFormats.default(ajv);

const moments = fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z') });
const seldom = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });
const authorizations = fc.record({
  status: fc.constantFrom('Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'),
  expiresAt: seldom(moments),
  group: seldom(fc.string({ maxLength: 36 })),
});

/** What operations answer; the others say nothing. */
const outcomes: Record<string, Arbitrary<unknown>> = {
  registerStation: fc.record({ status: fc.constantFrom(...registrations), at: moments, intervalSeconds: fc.nat(86_400) }),
  tellTime: fc.record({ at: moments }),
  authorize: authorizations,
  recordTransaction: fc.record({ number: fc.integer({ min: 0, max: 2 ** 31 - 1 }), authorization: seldom(authorizations) }),
  receiveVendorMessage: fc.record({
    status: fc.constantFrom('Accepted', 'Rejected', 'UnknownMessageId', 'UnknownVendorId'),
    data: seldom(fc.oneof(fc.string(), fc.jsonValue())),
  }),
};
const nothing = fc.constant({});

/** As the other side reads it. */
const onTheWire = (payload: unknown) => JSON.parse(JSON.stringify(payload)) as unknown;

/** The result, or undefined where a Fault says why there is none. Any other error is a defect. */
function unlessFault<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault && error.code !== 'internal') return undefined;
    throw error;
  }
}

/** Dates that are none and numbers that are infinite are what a store chokes on. */
function unstorable(value: unknown, path = ''): string[] {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? [`${path} is no time`] : [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => unstorable(inner, `${path}/${name}`));
}

describe.each(Object.values(versions))('in $subprotocol', ({ name: protocol, fromStation, toStation }) => {
  const origin: Origin = { tenant: 'acme', station: 'ST.1', protocol, epoch: 4, frame: 2, receivedAt: new Date('2026-03-01T12:00:05Z') };

  test.each(fromStation)('whatever $action a station may send is understood and answered by the standard', (message) => {
    const isReply = ajv.compile(message.replySchema);
    const outcome = outcomes[message.operation.name] ?? nothing;
    let understood = 0;
    fc.assert(
      fc.property(payloads(message.requestSchema), outcome, (payload, answer) => {
        const request = unlessFault(() => message.validate(onTheWire(payload)));
        fc.pre(request !== undefined);
        understood++;
        const input = unlessFault(() => message.toInput(request, origin));
        expect(unstorable(input)).toEqual([]);
        const reply = onTheWire(message.toReply(answer, request));
        expect(isReply(reply) ? [] : [reply, isReply.errors]).toEqual([]);
      }),
      runs,
    );
    expect(understood).toBeGreaterThanOrEqual(runs.numRuns);
  });

  test.each(fromStation)('whatever JSON comes as a $action is understood or refused, never a defect', (message) => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        const read = () => unlessFault(() => message.toInput(message.validate(onTheWire(payload)), origin));
        expect(read).not.toThrow();
      }),
      runs,
    );
  });

  test.each(toStation)('whatever a station may answer to $action is a yes or a no, and tells what it tells', (message) => {
    fc.assert(
      fc.property(payloads(message.requestSchema), payloads(message.replySchema), (request, payload) => {
        const reply = message.validateReply(onTheWire(payload));
        expect(message.toVerdict(reply)).toEqual({ accepted: expect.any(Boolean), status: expect.any(String) });
        expect(unstorable(unlessFault(() => message.toFinding?.(onTheWire(request), reply)))).toEqual([]);
      }),
      runs,
    );
  });
});
