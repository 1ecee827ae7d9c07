import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { registerWh, WrittenSamples, type Origin, type Sample, type SampleReport } from '@ohmnibus/domain';
import { KnownMeterValues } from './known-meter-values.js';
import { meterValues } from './meter-values.js';

const origin: Origin = { tenant: 'acme', station: 'ST.1', protocol: 'v16', epoch: 4, frame: 2, receivedAt: new Date('2026-03-01T12:00:05Z') };
const understand = (payload: string) => meterValues.toInput(meterValues.validate(JSON.parse(payload)), origin) as SampleReport & { samples: Sample[] };

/** What the long way makes of a payload; undefined: it is refused. */
function longWay(payload: string) {
  try {
    return understand(payload);
  } catch {
    return undefined;
  }
}

/** The report in all its parts, whichever way it was made. */
function partsOf(report: SampleReport | undefined) {
  if (!report) return undefined;
  const { samples, ...rest } = report;
  if (samples instanceof WrittenSamples) return { ...rest, at: samples.at, registerWh: samples.registerWh, text: samples.text };
  return { ...rest, at: samples[0]?.at, registerWh: registerWh(samples), text: JSON.stringify(samples) };
}

/** Both ways come to the same, or the shortcut leaves it to the other one. Returns whether it was taken. */
function agrees(known: KnownMeterValues, payload: string): boolean {
  const short = known.read(Buffer.from(payload), origin);
  if (short) expect({ payload, ...partsOf(short) }).toEqual({ payload, ...partsOf(longWay(payload)) });
  return short !== undefined;
}

/** Of a station that has said these. */
function knowing(...said: string[]): KnownMeterValues {
  const known = new KnownMeterValues(0);
  for (const payload of said) if (longWay(payload)) known.learn(Buffer.from(payload), understand);
  return known;
}

/** Mostly what is usual: of a payload that is odd everywhere nothing is learnt. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) => fc.oneof({ arbitrary: usual, weight: 30 }, { arbitrary: odd, weight: 1 });
const oddDecimals = fc.oneof(
  fc.constantFrom('0', '-0', '0.0', '-0.50', '230.4', '11040.0', '100', '-7.25', '0.000001', '0.0000001', '1e3', '+1', '.5', '3.', ' 7 ', '', '007', '123456789012345', '1234567890123456', '0.1234567', '99999999.999999', 'AA=='),
  fc.double({ noNaN: true }).map(String),
  fc.integer().map(String),
);
const decimals = mostly(
  fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 6 })).map(([value, places]) => (value / 1000).toFixed(places)),
  oddDecimals,
);
const times = mostly(
  fc.date({ min: new Date('0900-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') }).map((at) => at.toISOString()),
  fc.constantFrom(
    '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.1Z', '2026-03-01T12:00:00.1234567Z', '2026-02-30T12:00:00.000Z', '2026-02-28T24:00:00.000Z', '2026-02-28T23:59:60.000Z', '2026-13-01T00:00:00.000Z',
    '2026-03-01T12:00:00', '2026-03-01T12:00:00.000+01:00', '2026-03-01 12:00:00.000Z', '2026-03-01T12:00:00.000z', '0000-00-00T00:00:00.000Z', '2024-02-29T12:00:00.000Z', '2023-02-29T12:00:00.000Z',
  ),
);
const numbers = mostly(fc.oneof(fc.nat(9), fc.nat(999_999_999)), fc.constantFrom(-1, 0, 1.5, 2 ** 31 - 1, 4_000_000_000));
const word = (...words: string[]) => fc.option(fc.constantFrom(...words), { nil: undefined, freq: 2 });
const reading = fc.record({
  value: decimals,
  context: word('Sample.Periodic', 'Transaction.Begin', 'Trigger'),
  measurand: word('Energy.Active.Import.Register', 'Voltage', 'Power.Active.Import'),
  phase: word('L1', 'L1-N'),
  location: word('Outlet', 'Inlet'),
  unit: word('Wh', 'kWh', 'V', 'kW', 'Celcius'),
  format: fc.oneof({ arbitrary: word('Raw'), weight: 20 }, { arbitrary: fc.constant('SignedData'), weight: 1 }),
  vendor: mostly<unknown>(fc.constant(undefined), fc.constantFrom<unknown>('value', { value: '5' }, { value: 'x', timestamp: 't' }, [1], 'é', '"', null)),
});

/** The letters of a payload may stand in any order and at any distance. */
const spellings: readonly ((payload: object) => string)[] = [
  JSON.stringify,
  (payload) => JSON.stringify(payload, null, 2),
  (payload) => JSON.stringify(payload, (_key, value: unknown) => (isObject(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value)),
  (payload) => JSON.stringify(payload).replaceAll(':', ' : ').replaceAll(/(\d) : (?=\d)/g, '$1:'),
  (payload) => JSON.stringify(payload).replaceAll('"value":"', '"value":"1","value":"'),
];

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A station's messages: the same but for their numbers, of which each message has others. */
const series = fc
  .record({ readings: fc.array(fc.array(reading, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), inTransaction: fc.boolean(), spell: fc.constantFrom(...spellings), seed: fc.nat() })
  .chain(({ readings, inTransaction, spell }) =>
    fc.array(fc.record({ connectorId: numbers, transactionId: numbers, times: fc.array(times, { minLength: 3, maxLength: 3 }), values: fc.array(decimals, { minLength: 12, maxLength: 12 }) }), { minLength: 2, maxLength: 5 }).map((messages) =>
      messages.map((message) =>
        spell({
          connectorId: message.connectorId,
          ...(inTransaction && { transactionId: message.transactionId }),
          meterValue: readings.map((values, i) => ({ timestamp: message.times[i], sampledValue: values.map((one, k) => ({ ...one, value: message.values[i * 4 + k] })) })),
        }),
      ),
    ),
  );

describe('what is known of meter values', () => {
  test('is read as the long way reads it, in whatever order and distance its letters stand', () => {
    let taken = 0;
    fc.assert(
      fc.property(series, (said) => {
        const known = knowing(...said);
        for (const payload of said) if (agrees(known, payload)) taken++;
      }),
      { numRuns: 1_000 },
    );
    expect(taken).toBeGreaterThan(1_000);
  });

  test('is not mistaken for a payload of which a few bytes are others', () => {
    let taken = 0;
    const anywhere = { inNumber: fc.constant(false), bytes: fc.oneof(fc.constantFrom('"', '\\', '-', '.', '}', ']', ',', ' ', 'e', 'é', '\0', '"value":"1",'), fc.string({ maxLength: 3 })), over: fc.nat(2) };
    const inNumber = { inNumber: fc.constant(true), bytes: fc.constantFrom('0', '9', '12', '', '.', '-'), over: fc.nat(1) };
    const change = fc.oneof(...[anywhere, inNumber, inNumber].map((kind) => fc.record({ at: fc.nat(), ...kind })));
    fc.assert(
      fc.property(series, fc.array(change, { minLength: 1, maxLength: 2 }), (said, changes) => {
        const known = knowing(...said);
        let changed = said.find((payload) => known.read(Buffer.from(payload), origin)) ?? said[0]!;
        for (const { at, inNumber: isInNumber, bytes, over } of changes) {
          const places = isInNumber ? [...changed.matchAll(/\d/g)].map(({ index }) => index) : Array.from(changed, (_letter, index) => index);
          const place = places[at % places.length] ?? 0;
          changed = changed.slice(0, place) + bytes + changed.slice(place + over);
        }
        if (agrees(known, changed)) taken++;
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

const usual = (transactionId: number, wh: string, second: string) =>
  `{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"2026-03-01T12:00:${second}Z","sampledValue":[{"value":"${wh}","unit":"kWh"},{"value":"230.40","measurand":"Voltage","phase":"L1","unit":"V"}]}]}`;

describe('a payload that resembles one of before', () => {
  test('takes the shortcut', () => {
    const known = knowing(usual(7, '1.5', '00'));
    const report = known.read(Buffer.from(usual(123_456_789, '1.005', '59.250')), origin);
    expect(partsOf(report)).toEqual({
      origin,
      evse: { evse: 1, connector: 1 },
      transaction: { number: 123_456_789 },
      at: new Date('2026-03-01T12:00:59.250Z'),
      registerWh: 1005,
      text: '[{"at":"2026-03-01T12:00:59.250Z","values":[{"value":1005},{"value":230.4,"measurand":"Voltage","unit":"V","phase":"L1"}]}]',
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(longWay(usual(123_456_789, '1.005', '59.250')))));
  });

  test.each([
    ['has a value that is no decimal', usual(7, '1e3', '00')],
    ['names a transaction that cannot be ours', usual(-1, '1.5', '00')],
    ['tells a time that there is not', usual(7, '1.5', '61')],
    ['goes on after its end', `${usual(7, '1.5', '00')} `],
    ['ends before it is complete', usual(7, '1.5', '00').slice(0, -1)],
    ['has other words', usual(7, '1.5', '00').replace('"L1"', '"L2"')],
  ])('goes the long way if it %s', (_what, payload) => {
    expect(knowing(usual(7, '1.5', '00')).read(Buffer.from(payload), origin)).toBeUndefined();
  });

  test('is one of a limited number, and learning takes a limited time', () => {
    const known = new KnownMeterValues(60_000);
    const others = [usual(7, '1.5', '00'), usual(7, '1.5', '00').replace('"L1"', '"L2"')];
    for (const payload of others) known.learn(Buffer.from(payload), understand);
    expect(others.map((payload) => known.read(Buffer.from(payload), origin) !== undefined)).toEqual([true, false]);
  });
});
