import fc, { type Arbitrary } from 'fast-check';
import { resolved, type JsonSchema } from './json-schema.js';

/** Any payload that an official schema allows, odd ones first; those of 1.5 need a look at their `if` all the same. */
export function payloads(schema: object): Arbitrary<unknown> {
  return arbitraryOf(schema, schema);
}

function arbitraryOf(root: JsonSchema, reference: JsonSchema): Arbitrary<unknown> {
  const schema = resolved(root, reference);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objects(root, schema);
    case 'array':
      return fc.array(arbitraryOf(root, schema.items!), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
    case 'string':
      return texts(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue();
  }
}

function objects(root: JsonSchema, { properties = {}, required = [] }: JsonSchema): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, arbitraryOf(root, property)]));
  return fc.record(fields, { requiredKeys: [...required] });
}

const zones = fc.constantFrom('Z', 'z', '', '+02:00', '-11:30', '+0530', '+01');
const days = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z') });
/** Times as stations write them, with leap seconds, without zones, and by clocks that are far off. */
const times = fc.tuple(days, fc.constantFrom('', '.1', '.123456789'), zones, fc.boolean()).map(([day, fraction, zone, leap]) => {
  const text = day.toISOString();
  return `${text.slice(0, 17)}${leap ? '60' : text.slice(17, 19)}${fraction}${zone}`;
});

function texts({ format, maxLength }: JsonSchema): Arbitrary<string> {
  if (format === 'date-time') return times;
  if (format === 'uri') return fc.webUrl();
  const limit = Math.min(maxLength ?? 60, 60);
  const readings = fc.oneof(fc.double().map(String), fc.integer().map(String), fc.constantFrom('', ' ', '1e400', '-0', '٣'));
  return fc.oneof(fc.string({ maxLength: limit }), fc.fullUnicodeString({ maxLength: Math.floor(limit / 2) }), readings.filter((text) => text.length <= limit));
}

const oddIntegers = [0, -1, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

function integers({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema): Arbitrary<number> {
  const odd = oddIntegers.filter((value) => value >= minimum && value <= maximum);
  return fc.oneof(fc.constantFrom(...odd, maximum), fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) }));
}

function numbers({ minimum, maximum, multipleOf }: JsonSchema): Arbitrary<number> {
  if (multipleOf !== undefined) return fc.integer({ min: -10_000, max: 10_000 }).map((tenths) => tenths / 10);
  return fc.double({ noNaN: true, noDefaultInfinity: true, min: minimum, max: maximum });
}
