/** The services that serve what stations say. */
export type StationService = 'session' | 'transaction';

declare const types: unique symbol;

/**
 * Something that a station can report, whatever version it speaks: the translations of a message and the rule behind it meet here.
 * It is a name with two types; the rule lives in the service.
 */
export interface Operation<Input, Outcome> {
  readonly name: string;
  readonly service: StationService;
  readonly [types]?: { input: Input; outcome: Outcome };
}

export function operation<Input, Outcome>(name: string, service: StationService): Operation<Input, Outcome> {
  return { name, service };
}

export type InputOf<O> = O extends Operation<infer Input, unknown> ? Input : never;
export type OutcomeOf<O> = O extends Operation<never, infer Outcome> ? Outcome : O extends Operation<infer _, infer Outcome> ? Outcome : never;

/** Something that we can ask of a station, whatever version it speaks. */
export interface Ask<Input> {
  readonly name: string;
  readonly [types]?: { input: Input };
}

export function ask<Input>(name: string): Ask<Input> {
  return { name };
}
