import { CallError } from './errors.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';

/** Reads a required text; throws the CALLERROR TypeConstraintViolation, which both versions spell alike. */
export function textOf(payload: Payload, field: string): string {
  const value = payload[field];
  if (typeof value !== 'string') throw new CallError('TypeConstraintViolation', `${field} is not a string`);
  return value;
}

/** Reads a required whole number; throws like textOf. */
export function integerOf(payload: Payload, field: string): number {
  const value = payload[field];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new CallError('TypeConstraintViolation', `${field} is not an integer`);
  return value;
}

/** Reads a whole number that may be absent; throws like textOf if it is something else. */
export function optionalIntegerOf(payload: Payload, field: string): number | undefined {
  return payload[field] === undefined ? undefined : integerOf(payload, field);
}

/** Reads a required time, in milliseconds since the Unix epoch; throws like textOf, or PropertyConstraintViolation for a text that is no time. */
export function timeOf(payload: Payload, field: string): number {
  const at = Date.parse(textOf(payload, field));
  if (Number.isNaN(at)) throw new CallError('PropertyConstraintViolation', `${field} is not a time`);
  return at;
}

/** Reads a time that may be absent; throws like timeOf if it is something else. */
export function optionalTimeOf(payload: Payload, field: string): number | undefined {
  return payload[field] === undefined ? undefined : timeOf(payload, field);
}

/** Reads a required list of objects; throws like textOf. */
export function objectsOf(payload: Payload, field: string): Payload[] {
  const value = payload[field];
  if (!Array.isArray(value)) throw new CallError('TypeConstraintViolation', `${field} is not an array`);
  return value.map(asPayload);
}
