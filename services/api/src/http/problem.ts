import { asFault, Fault, type FaultCode } from '@ohmnibus/domain';
import { HttpException } from '@nestjs/common';
import { z } from 'zod';

/** What is wrong with one field of a request. */
const fieldProblem = z.object({ path: z.string().meta({ description: 'Names from the outside in, joined by dots; empty: the whole' }), message: z.string() });

/** An error as a client reads it: RFC 9457, with the fault's code and, for what does not fit a schema, every problem. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Identifies the kind of problem: urn:ohmnibus:problem:{code}' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    problems: z.array(fieldProblem).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** The one table from faults to HTTP. */
const table: Record<FaultCode, { readonly status: number; readonly title: string }> = {
  unreadable: { status: 400, title: 'The request cannot be read' },
  'extra-field': { status: 400, title: 'The request has a field that is not known' },
  'missing-field': { status: 400, title: 'The request lacks a field' },
  'wrong-type': { status: 400, title: 'A field of the request has the wrong type' },
  'bad-value': { status: 400, title: 'A value in the request is not valid' },
  'unknown-action': { status: 400, title: 'The action is not known' },
  'unsupported-action': { status: 400, title: 'The action is not supported' },
  unauthenticated: { status: 401, title: 'The request needs a valid API key' },
  forbidden: { status: 403, title: 'The API key does not allow this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  'too-large': { status: 413, title: 'The request is too large' },
  overloaded: { status: 503, title: 'Too much to do; try again later' },
  unavailable: { status: 503, title: 'A part of the system cannot be reached; try again later' },
  'deadline-exceeded': { status: 504, title: 'No answer in time' },
  internal: { status: 500, title: 'A defect of the server' },
};

export function statusOf(code: FaultCode): number {
  return table[code].status;
}

/** The text of a defect of ours is not for others to read. */
export function problemOf({ code, message, details }: Fault): Problem {
  const { status, title } = table[code];
  const problems = z.array(fieldProblem).safeParse(details['problems']);
  return {
    type: `urn:ohmnibus:problem:${code}`,
    title,
    status,
    detail: code === 'internal' ? 'an internal error; the log has it under the request id' : message,
    code,
    ...(problems.success && { problems: problems.data }),
  };
}

/** What anything thrown on the way through the web framework means. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof HttpException) return httpFault(error.getStatus(), error.message, error);
  if (!(error instanceof Error)) return asFault(error);
  const status = (error as { status?: unknown }).status;
  if (typeof status === 'number' && status >= 400 && status < 500) return httpFault(status, error.message, error);
  // What Prisma rejects before it asks the database is our own mistake; what it reports of the database may pass.
  if (/^(PrismaClient|DriverAdapter)/.test(error.name) && error.name !== 'PrismaClientValidationError') {
    return new Fault('unavailable', 'the database does not answer', {}, { cause: error });
  }
  return asFault(error);
}

function httpFault(status: number, message: string, cause: Error): Fault {
  const code: FaultCode = status === 404 ? 'not-found' : status === 413 ? 'too-large' : status >= 500 ? 'internal' : 'unreadable';
  return new Fault(code, message, {}, { cause });
}
