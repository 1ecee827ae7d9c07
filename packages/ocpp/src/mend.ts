import type { ErrorObject } from 'ajv';
import type { Leniency } from '@ohmnibus/domain';

/** Where a violation is: the object or array that holds the value, and its name in there. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
  /** From the outside in. */
  readonly path: readonly string[];
}

type Mending = (error: ErrorObject, place: Place, payload: unknown) => boolean;

/** What a word that the standard does not know is taken for; undefined: as if it had been left out. Words of readings are not here. */
const insteadOf: Record<string, string | undefined> = { status: 'Unavailable', errorCode: 'OtherError', reason: 'Other', context: undefined, format: undefined };

/** How each way to break a schema is mended. */
const mendings: Record<Leniency, Mending> = {
  'extra-fields': ({ keyword, params, instancePath }, _place, payload) => {
    if (keyword !== 'additionalProperties') return false;
    const object = valueAt(payload, pathOf(instancePath));
    delete (object as Record<string, unknown>)[(params as { additionalProperty: string }).additionalProperty];
    return true;
  },
  'long-text': ({ keyword, params }, { holder, name }) => {
    const value = holder[name];
    if (keyword !== 'maxLength' || typeof value !== 'string') return false;
    // The schemas count code points.
    holder[name] = Array.from(value).slice(0, (params as { limit: number }).limit).join('');
    return true;
  },
  'other-words': ({ keyword, params }, place, payload) => {
    const { holder, name } = place;
    const word = holder[name];
    if (keyword !== 'enum' || typeof word !== 'string') return false;
    const allowed = (params as { allowedValues: unknown[] }).allowedValues.map(String);
    const alike = allowed.find((other) => bare(other) === bare(word));
    if (alike !== undefined) holder[name] = alike;
    else if (Object.hasOwn(insteadOf, name)) {
      const instead = insteadOf[name];
      if (instead === undefined) delete holder[name];
      else if (allowed.includes(instead)) holder[name] = instead;
      else return false;
    } else return withoutReading(place, payload);
    return true;
  },
  'numbers-as-text': ({ keyword, params }, { holder, name }) => {
    const value = holder[name];
    if (keyword !== 'type' || typeof value !== 'string') return false;
    const { type } = params as { type: string };
    const text = value.trim();
    if (type === 'boolean' && /^(true|false)$/i.test(text)) holder[name] = text.toLowerCase() === 'true';
    else if ((type === 'integer' || type === 'number') && /^[-+]?\d+(\.\d+)?$/.test(text)) holder[name] = Number(text);
    else return false;
    return true;
  },
  'text-as-numbers': ({ keyword, params }, { holder, name }) => {
    const value = holder[name];
    if (keyword !== 'type' || (params as { type: string }).type !== 'string' || (typeof value !== 'number' && typeof value !== 'boolean')) return false;
    holder[name] = String(value);
    return true;
  },
  fractions: ({ keyword, params }, { holder, name }) => {
    const value = holder[name];
    if (keyword !== 'type' || (params as { type: string }).type !== 'integer' || typeof value !== 'number') return false;
    holder[name] = Math.round(value);
    return true;
  },
  nulls: ({ keyword }, { holder, name }) => {
    if (keyword !== 'type' || holder[name] !== null || Array.isArray(holder)) return false;
    delete holder[name];
    return true;
  },
};

/** Mends one violation in the payload itself, if one of these leniencies can. */
export function mend(payload: unknown, error: ErrorObject, accepts: readonly Leniency[]): boolean {
  const path = pathOf(error.instancePath);
  const holder = valueAt(payload, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null) return false;
  const place = { holder: holder as Record<string, unknown>, name: path.at(-1) ?? '', path };
  return accepts.some((leniency) => mendings[leniency](error, place, payload));
}

/**
 * A reading whose measurand, unit or phase is a word of the station's own is dropped whole: without the word it would count as another.
 * The message log has it.
 */
function withoutReading({ path }: Place, payload: unknown): boolean {
  const [list, index] = path.slice(-3);
  const values = valueAt(payload, path.slice(0, -2));
  if (list !== 'sampledValue' || !Array.isArray(values) || values.length < 2) return false;
  values.splice(Number(index), 1);
  return true;
}

function pathOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], payload);
}

/** Letters and digits alone. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
