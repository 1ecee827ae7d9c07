import { resolved, type JsonSchema } from '@ohmnibus/testkit';

/** What is wrong with a payload, as protocol.md tells the codes apart. */
export type Wrong = 'missing' | 'type' | 'value' | 'extra';

export interface Violation {
  /** Says what was done to which field. */
  readonly name: string;
  readonly wrong: Wrong;
  readonly payload: unknown;
}

type Step = string | number;

/** The payload with every field that there is, each valid. */
export function wholePayload(schema: JsonSchema): unknown {
  return valueOf(schema, schema);
}

/** Each way to break one rule of the schema in one place of the whole payload. */
export function violations(schema: JsonSchema): Violation[] {
  const whole = wholePayload(schema);
  return [...brokenAt(schema, schema, [])].map(({ name, wrong, path, change }) => ({ name, wrong, payload: changed(whole, path, change) }));
}

/** The whole payload with a field that nobody knows in each object where the schema does not mind. */
export function tolerated(schema: JsonSchema): Omit<Violation, 'wrong'>[] {
  return [...openObjects(schema, schema, [])].map((path) => ({ name: `${nameOf(path)} has a field of its vendor's`, payload: changed(wholePayload(schema), path, withExtra) }));
}

interface Broken {
  readonly name: string;
  readonly wrong: Wrong;
  readonly path: readonly Step[];
  readonly change: (value: unknown) => unknown;
}

const withExtra = (value: unknown) => ({ ...(value as object), unheardOf: 1 });
const nameOf = (path: readonly Step[]) => (path.length === 0 ? 'the payload' : path.join('.'));

function valueOf(root: JsonSchema, reference: JsonSchema): unknown {
  const schema = resolved(root, reference);
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, valueOf(root, property)]));
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => valueOf(root, schema.items!));
    case 'string':
      return schema.format === 'date-time' ? new Date().toISOString() : 'x';
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return 'anything';
  }
}

function* brokenAt(root: JsonSchema, reference: JsonSchema, path: readonly Step[]): Generator<Broken> {
  const schema = resolved(root, reference);
  const is = (what: string, wrong: Wrong, value: unknown): Broken => ({ name: `${nameOf(path)} is ${what}`, wrong, path, change: () => value });
  for (const [what, value] of otherTypes(schema.type)) yield is(what, 'type', value);
  if (schema.enum) yield is('a word that there is not', 'value', 'UnheardOf');
  if (schema.format === 'date-time') yield is('no time', 'value', 'yesterday');
  if (schema.maxLength !== undefined) yield is(`of ${schema.maxLength + 1} characters`, 'value', 'x'.repeat(schema.maxLength + 1));
  if (schema.minimum !== undefined) yield is('too small', 'value', schema.minimum - 1);
  if (schema.maximum !== undefined) yield is('too large', 'value', schema.maximum + 1);
  if (schema.minItems) yield is('empty', 'missing', []);
  if (schema.maxItems !== undefined) yield is('too long a list', 'missing', Array.from({ length: schema.maxItems + 1 }, () => valueOf(root, schema.items!)));
  if (schema.type === 'object') yield* brokenInside(root, schema, path);
  if (schema.items) yield* brokenAt(root, schema.items, [...path, 0]);
}

function* brokenInside(root: JsonSchema, { properties = {}, required = [], additionalProperties }: JsonSchema, path: readonly Step[]): Generator<Broken> {
  for (const field of required) {
    const without = (value: unknown) => Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== field));
    yield { name: `${nameOf([...path, field])} is missing`, wrong: 'missing', path, change: without };
  }
  if (additionalProperties === false) yield { name: `${nameOf(path)} has a field too many`, wrong: 'extra', path, change: withExtra };
  for (const [name, property] of Object.entries(properties)) yield* brokenAt(root, property, [...path, name]);
}

function* openObjects(root: JsonSchema, reference: JsonSchema, path: readonly Step[]): Generator<readonly Step[]> {
  const schema = resolved(root, reference);
  if (schema.type === 'object' && schema.additionalProperties !== false) yield path;
  for (const [name, property] of Object.entries(schema.properties ?? {})) yield* openObjects(root, property, [...path, name]);
  if (schema.items) yield* openObjects(root, schema.items, [...path, 0]);
}

/** Values that are of no type like this one; null is of none. */
function otherTypes(type: string | undefined): [what: string, value: unknown][] {
  const others: Record<string, [string, unknown][]> = {
    string: [['a number', 5], ['an object', {}]],
    integer: [['text', '5'], ['a fraction', 0.5]],
    number: [['text', '5'], ['a list', [5]]],
    boolean: [['text', 'true'], ['a number', 1]],
    array: [['an object', {}], ['text', '']],
    object: [['text', 'x'], ['a list', []]],
  };
  return type === undefined ? [] : [...others[type]!, ['null', null]];
}

function changed(value: unknown, [step, ...rest]: readonly Step[], change: (value: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const inner = (copy as Record<Step, unknown>)[step];
  return Object.assign(copy, { [step]: changed(inner, rest, change) });
}
