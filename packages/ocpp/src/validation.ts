import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Fault, type FaultCode, type Flag, type Leniency } from '@ohmnibus/domain';
import { mend } from './mend.js';

/** A date and time of RFC 3339 as stations send it: any number of fraction digits, and sometimes no zone. */
const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)?$/;

const ajv = new Ajv({
  allErrors: false,
  strict: false,
  multipleOfPrecision: 6, // 16.1 is a multiple of 0.1, whatever binary fractions make of it.
  strictNumbers: true, // JSON can spell numbers that are infinite as soon as they are read.
  formats: { 'date-time': (text: string) => dateTime.test(text) && !Number.isNaN(readTime(text).getTime()), uri: true },
});

/** The fault that each keyword of the official schemas stands for; what is not listed (enum, maxLength, format, minimum) is a bad value. */
const byKeyword: Record<string, FaultCode> = {
  required: 'missing-field',
  minItems: 'missing-field',
  maxItems: 'missing-field',
  type: 'wrong-type',
  additionalProperties: 'extra-field',
};

/** So many violations of one payload are mended; a list of hundreds of bad readings is refused. */
const mostMendings = 200;

/**
 * Compiles an official schema on its first use. The result returns the value, or throws the fault that its first violation stands for. What
 * is to be accepted all the same is mended in the value itself.
 */
export function validator(schema: object): (value: unknown, accepts?: readonly Leniency[]) => unknown {
  let validate: ValidateFunction | undefined;
  return (value, accepts) => {
    validate ??= ajv.compile(schema);
    if (validate(value)) return value;
    const error = validate.errors?.[0];
    if (accepts && error && mended(value, error, accepts, validate)) return value;
    throw violation(error);
  };
}

function mended(value: unknown, first: ErrorObject, accepts: readonly Leniency[], validate: ValidateFunction): boolean {
  let error: ErrorObject | undefined = first;
  for (let count = 0; count < mostMendings; count++) {
    if (!error || !mend(value, error, accepts)) return false;
    if (validate(value)) return true;
    error = validate.errors?.[0];
  }
  return false;
}

function violation(error: ErrorObject | undefined): Fault {
  const path = error?.instancePath ?? '';
  const params = error?.params as Record<string, unknown> | undefined;
  const field = params?.['missingProperty'] ?? params?.['additionalProperty'];
  const where = typeof field === 'string' ? `${path}/${field}` : path;
  const code = (error && byKeyword[error.keyword]) ?? 'bad-value';
  return new Fault(code, `${where || 'the payload'} ${error?.message ?? 'is not valid'}`, { path: where });
}

/** What a time is at least and at most: the years that RFC 3339 can write, which are also those that are read again as they were stored. */
const [earliest, latest] = [new Date('0001-01-01T00:00:00.000Z'), new Date('9999-12-31T23:59:59.999Z')];

/**
 * A station's timestamp. Without a zone it is taken as UTC; see {@link zoneFlags}. A leap second is the second before it. A clock that was never
 * set may show the year 0 or 10000 where its zone is not UTC: it gets the nearest time that there is.
 */
export function readTime(text: string): Date {
  const at = momentOf(text);
  const ms = at.getTime();
  if (ms < earliest.getTime()) return new Date(earliest);
  return ms > latest.getTime() ? new Date(latest) : at;
}

function momentOf(text: string): Date {
  const known = text.startsWith('60', 17) ? `${text.slice(0, 17)}59${text.slice(19)}` : text;
  if (known.endsWith('Z')) return new Date(known);
  if (!hasZone(known)) return new Date(`${known}Z`);
  return new Date(/[+-]\d\d$/.test(known.slice(19)) ? `${known}:00` : known);
}

function hasZone(text: string): boolean {
  return text.endsWith('Z') || /[z+-]/.test(text.slice(19));
}

/** What to remark on a record if any of its timestamps has no zone. */
export function zoneFlags(...timestamps: string[]): readonly Flag[] | undefined {
  return timestamps.every(hasZone) ? undefined : ['no-time-zone'];
}

/** RFC 3339 in UTC with milliseconds, as both versions accept it. */
export function writeTime(at: Date): string {
  return at.toISOString();
}
