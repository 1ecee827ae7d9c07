import type { Ask, Operation, ProtocolVersion } from '@ohmnibus/domain';
import type { FromStation, FromStationTranslation, ToStation, ToStationTranslation } from './message.js';
import { openInside } from './open-inside.js';
import { validator } from './validation.js';

export interface DialectOptions {
  /** Fields that the standard does not know are ignored inside the objects and lists of a payload; see {@link openInside}. */
  readonly openInside?: boolean;
}

/**
 * How the messages of one version are written down: their types by action, checked against the version's official schemas.
 * @param schemas `{Action}Request` and `{Action}Response` by name
 */
export function dialect<Requests, Replies extends Record<keyof Requests, unknown>>(version: ProtocolVersion, schemas: object, options: DialectOptions = {}) {
  const schemaOf = (name: string): object => (schemas as Record<string, object>)[name]!;
  /** For what a station wrote. */
  const received = (name: string): object => (options.openInside ? openInside(schemaOf(name)) : schemaOf(name));
  const names = Object.keys(schemas).flatMap((name) => (name.endsWith('Request') ? [name.slice(0, -'Request'.length)] : []));

  return {
    /** Every action that the version knows. */
    actions: new Set(names) as ReadonlySet<string>,

    /** A message that a station sends, in terms of an operation. */
    fromStation: <A extends keyof Requests & string, Input, Outcome>(action: A, operation: Operation<Input, Outcome>) => ({
      translate: (translation: FromStationTranslation<Requests[A], Replies[A], Input, Outcome>): FromStation => {
        const requestSchema = received(`${action}Request`);
        const checks = { requestSchema, replySchema: schemaOf(`${action}Response`) };
        return { version, action, operation, ...checks, validate: validator(requestSchema), ...translation } as FromStation;
      },
    }),

    /** A message that we send to a station, in terms of an ask. */
    toStation: <A extends keyof Requests & string, Input>(action: A, ask: Ask<Input>) => {
      const requestSchema = schemaOf(`${action}Request`);
      const replySchema = received(`${action}Response`);
      const validateRequest = validator(requestSchema);
      return {
        translate: (translation: ToStationTranslation<Requests[A], Replies[A], Input>): ToStation =>
          ({
            version,
            action,
            ask,
            fits: () => true,
            secrets: undefined,
            requestSchema,
            replySchema,
            validateReply: validator(replySchema),
            ...translation,
            // What the official schema forbids, such as an overlong token, is never sent.
            toRequest: (input: Input) => validateRequest(translation.toRequest(input)),
            toFinding: translation.toFinding && ((request: unknown, reply: Replies[A]) => translation.toFinding!(validateRequest(request) as Requests[A], reply)),
          }) as ToStation,
      };
    },
  };
}
