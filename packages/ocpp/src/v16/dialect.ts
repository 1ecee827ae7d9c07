import type { OCPP16 } from 'typed-ocpp';
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';
import type { Ask, Operation } from '@ohmnibus/domain';
import type { FromStation, FromStationTranslation, ToStation, ToStationTranslation } from '../message.js';
import { validator } from '../validation.js';

type Call = OCPP16.Call;
export type Action = `${Call[2]}`;
type Requests = { [C in Call as `${C[2]}`]: C[3] };
type Replies = { [C in Call as `${C[2]}`]: OCPP16.CheckedCallResult<C>[2] };
export type Request<A extends Action> = Requests[A];
export type Reply<A extends Action> = Replies[A];

/** Every action that OCPP 1.6 knows, with the security whitepaper's. */
export const actions: ReadonlySet<string> = new Set(
  Object.keys(schemas).flatMap((name) => (name.endsWith('Request') ? [name.slice(0, -'Request'.length)] : [])),
);

const schemaOf = (name: string): object => (schemas as unknown as Record<string, object>)[name]!;

/** A message that a 1.6 station sends, in terms of an operation. */
export function fromStation<A extends Action, Input, Outcome>(action: A, operation: Operation<Input, Outcome>) {
  return {
    translate: (translation: FromStationTranslation<Request<A>, Reply<A>, Input, Outcome>): FromStation =>
      ({
        version: 'v16',
        action,
        operation,
        validate: validator(schemaOf(`${action}Request`)),
        ...translation,
      }) as FromStation,
  };
}

/** A message that we send to a 1.6 station, in terms of an ask. */
export function toStation<A extends Action, Input>(action: A, ask: Ask<Input>) {
  const validateRequest = validator(schemaOf(`${action}Request`));
  return {
    translate: (translation: ToStationTranslation<Request<A>, Reply<A>, Input>): ToStation =>
      ({
        version: 'v16',
        action,
        ask,
        validateReply: validator(schemaOf(`${action}Response`)),
        ...translation,
        // What the official schema forbids, such as an overlong token, is never sent.
        toRequest: (input: Input) => validateRequest(translation.toRequest(input)),
      }) as ToStation,
  };
}
