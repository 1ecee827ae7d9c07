import type { Origin, Quirks } from '@ohmnibus/domain';
import type { FromStation, ToStation } from '../message.js';
import { openInside } from '../open-inside.js';
import type { Reply as V16Reply, Request as V16Request } from '../v16/dialect.js';
import { validator } from '../validation.js';
import { schemas, type Action } from './schemas.js';
import type { Reply, Request } from './wire.js';

/** How a message from a station differs from its 1.6 form. What is left out is the same. */
export interface FromStationShapes<A extends Action, Input> {
  readonly request?: (request: Request<A>) => V16Request<A>;
  readonly reply?: (reply: V16Reply<A>) => Reply<A>;
  /** What 1.6 would make of the request, put right. */
  readonly input?: (input: Input, request: Request<A>) => Input;
}

/** How a message to a station differs from its 1.6 form. What is left out is the same. */
export interface ToStationShapes<A extends Action> {
  readonly request?: (request: V16Request<A>) => Request<A>;
  /** The other way, for a request that was written by hand. */
  readonly asked?: (request: Request<A>) => V16Request<A>;
  readonly reply?: (reply: Reply<A>) => V16Reply<A>;
}

// The translations of messages know no types from outside, so neither does what calls them.
type Shape = (payload: unknown) => object;
const same: Shape = (payload) => payload as object;

/** A message that 1.5 stations send: the 1.6 translation of it, with what is different. */
export function fromStation<A extends Action, Input = unknown>(action: A, message: FromStation, shapes: FromStationShapes<A, Input> = {}): FromStation {
  const requestSchema = openInside(schemas[`${action}Request`]!);
  const { request = same, reply = same } = shapes as { request?: Shape; reply?: Shape };
  const input = shapes.input as ((input: unknown, request: unknown) => unknown) | undefined;
  return {
    version: 'v15',
    action,
    operation: message.operation,
    requestSchema,
    replySchema: schemas[`${action}Response`]!,
    validate: validator(requestSchema),
    toInput: (received: unknown, origin: Origin, quirks?: Quirks) => {
      const asIn16 = message.toInput(request(received), origin, quirks);
      return input ? input(asIn16, received) : asIn16;
    },
    toReply: (outcome, received) => reply(message.toReply(outcome, request(received))),
    ...(message.toMake && { toMake: message.toMake }),
  };
}

/** A message that we send to 1.5 stations, likewise. */
export function toStation<A extends Action>(action: A, message: ToStation, shapes: ToStationShapes<A> = {}): ToStation {
  const requestSchema = schemas[`${action}Request`]!;
  const replySchema = openInside(schemas[`${action}Response`]!);
  const validateRequest = validator(requestSchema) as (request: unknown) => object;
  const { request = same, asked = same, reply = same } = shapes as { request?: Shape; asked?: Shape; reply?: Shape };
  return {
    version: 'v15',
    action,
    ask: message.ask,
    fits: message.fits,
    secrets: message.secrets,
    requestSchema,
    replySchema,
    validateReply: validator(replySchema),
    toRequest: (input) => validateRequest(request(message.toRequest(input))),
    toVerdict: (received) => {
      const verdict = message.toVerdict(reply(received));
      const { status = verdict.status } = received as { status?: string };
      return { ...verdict, status };
    },
    toFinding: message.toFinding && ((sent, received) => message.toFinding!(asked(validateRequest(sent)), reply(received))),
  };
}
