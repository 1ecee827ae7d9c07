import { resolved, type JsonSchema } from '@ohmnibus/testkit';

/** Texts that nobody means, and somebody sends. */
export const oddTexts = ['\0', 'a\0b', '\ud800', 'x'.repeat(5_000), '../../etc/passwd', '\r\nx: y', '💥'.repeat(20), ' ', "'; --", '-1', '9'.repeat(40), '1e400', 'null', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'];
const oddValues: readonly unknown[] = [...oddTexts, '', 0, -1, 0.5, 2 ** 31, 2 ** 53, 1e300, null, true, {}, [], [null], { a: { b: [{}] } }, ['\0']];

/**
 * @param root holds the definitions
 * @returns a body as the schema wants it, with all that it may hold, and the same with one odd value in each place that there is
 */
export function oddBodies(root: JsonSchema, schema: JsonSchema): unknown[] {
  const whole = valueOf(root, schema);
  const places = [...placesIn(whole, [])];
  return [whole, ...oddValues, ...places.flatMap((place) => oddValues.map((odd) => changed(whole, place, odd)))];
}

function valueOf(root: JsonSchema, reference: JsonSchema): unknown {
  const schema = resolved(root, reference);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return valueOf(root, first);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, valueOf(root, property)]));
    case 'array':
      return [valueOf(root, schema.items ?? {})];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'string':
      return schema.format === 'date-time' ? new Date(Date.now() + 60_000).toISOString() : 'x'.repeat(schema.minLength ?? 1);
    default:
      return {};
  }
}

type Place = readonly (string | number)[];

function* placesIn(value: unknown, path: Place): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  for (const [step, inner] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(step) : step];
    yield place;
    yield* placesIn(inner, place);
  }
}

function changed(value: unknown, [step, ...rest]: Place, odd: unknown): unknown {
  if (step === undefined) return odd;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  return Object.assign(copy, { [step]: changed((copy as Record<string | number, unknown>)[step], rest, odd) });
}
