import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Fault, type FaultCode } from '@ohmnibus/domain';

/** A date and time of RFC 3339 as stations send it: any number of fraction digits, and sometimes no zone. */
const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)?$/;

const ajv = new Ajv({
  allErrors: false,
  strict: false,
  formats: { 'date-time': (text: string) => dateTime.test(text) && !Number.isNaN(readTime(text).getTime()), uri: true },
});

/** The fault that each keyword of the official schemas stands for; what is not listed is a bad value. */
const byKeyword: Record<string, FaultCode> = {
  required: 'missing-field',
  minItems: 'missing-field',
  maxItems: 'bad-value',
  type: 'wrong-type',
  additionalProperties: 'extra-field',
};

/** Compiles an official schema on its first use. The result returns the value, or throws the fault that its first violation stands for. */
export function validator<T>(schema: object): (value: unknown) => T {
  let validate: ValidateFunction<T> | undefined;
  return (value) => {
    validate ??= ajv.compile<T>(schema);
    if (validate(value)) return value;
    throw violation(validate.errors?.[0]);
  };
}

function violation(error: ErrorObject | undefined): Fault {
  const path = error?.instancePath ?? '';
  const params = error?.params as Record<string, unknown> | undefined;
  const field = params?.['missingProperty'] ?? params?.['additionalProperty'];
  const where = typeof field === 'string' ? `${path}/${field}` : path;
  return new Fault((error && byKeyword[error.keyword]) ?? 'bad-value', `${where || 'the payload'} ${error?.message ?? 'is not valid'}`, { path: where });
}

/** A station's timestamp. Without a zone it is taken as UTC; see {@link hasZone}. */
export function readTime(text: string): Date {
  return new Date(hasZone(text) ? text : `${text}Z`);
}

export function hasZone(text: string): boolean {
  return /([Zz]|[+-]\d\d(:?\d\d)?)$/.test(text.slice(10));
}

/** RFC 3339 in UTC with milliseconds, as both versions accept it. */
export function writeTime(at: Date): string {
  return at.toISOString();
}
