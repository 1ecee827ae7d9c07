import type { Ask, Found, Leniency, Operation, Origin, ProtocolVersion, Quirks, StationMake } from '@ohmnibus/domain';

/** A message that stations of one version send, translated to an operation that knows no version. */
export interface FromStation {
  readonly version: ProtocolVersion;
  readonly action: string;
  readonly operation: Operation<unknown, unknown>;
  /** What a payload is checked against, as JSON schemas. */
  readonly requestSchema: object;
  readonly replySchema: object;
  /** Checks a parsed payload against the request's schema, and mends in it what is to be accepted all the same; throws a Fault. */
  readonly validate: (payload: unknown, accepts?: readonly Leniency[]) => unknown;
  readonly toInput: (request: unknown, origin: Origin, quirks?: Quirks) => unknown;
  /** Of a boot: what a payload that may be anything says of the station's make. */
  readonly toMake?: (payload: unknown) => StationMake;
  /** With a shortcut, the reply must do without the request. */
  readonly toReply: (outcome: unknown, request: unknown) => object;
  readonly shortcut?: Shortcut<unknown>;
}

/** A way to the input of a frequent message that neither parses nor checks what it knows already. For stations without quirks. */
export interface Shortcut<Input> {
  /** What parsing, checking and translating the payload would come to; undefined: it has to be done. */
  read(payload: Buffer, origin: Origin): Input | undefined;
  /**
   * Told of a payload that was understood the long way, which others may resemble.
   * @param understand the long way
   */
  learn(payload: Buffer, understand: (payload: string) => Input): void;
}

/** A message that we send to stations of one version, translated from an ask that knows no version. */
export interface ToStation {
  readonly version: ProtocolVersion;
  readonly action: string;
  readonly ask: Ask<unknown>;
  /** Whether this input can be asked for by this message, where a version spreads an ask over several. */
  readonly fits: (input: unknown) => boolean;
  readonly requestSchema: object;
  readonly replySchema: object;
  readonly validateReply: (payload: unknown, accepts?: readonly Leniency[]) => unknown;
  /** The payload to send; throws the Fault of what the official schema forbids. */
  readonly toRequest: (input: unknown) => object;
  /** The station's verdict, in its own word and as yes or no. */
  readonly toVerdict: (reply: unknown) => Verdict;
  /** What an exchange tells of the station, if anything; absent where none ever does. Throws a Fault where the request does not fit its schema; the reply is a validated one. */
  readonly toFinding?: ((request: unknown, reply: unknown) => Found | undefined) | undefined;
  readonly secrets: MessageSecrets | undefined;
}

export type PasswordFate = 'taken' | 'later' | 'refused';

/** What of an exchange nobody may read later. Payloads are as somebody wrote them, and may be anything. */
export interface MessageSecrets {
  /** The password that the request gives the station, if it gives one. */
  newPassword?(request: unknown): string | undefined;
  /** What a reply says of that password; `later`: the station takes it, such as after a restart. Undefined: nothing that can be read. */
  fateOfPassword?(reply: unknown): PasswordFate | undefined;
  /** The same payload if there is nothing to hide. */
  hideInRequest?(request: unknown): unknown;
  hideInReply?(reply: unknown): unknown;
}

export interface Verdict {
  readonly accepted: boolean;
  /** The status on the wire, such as `Scheduled`. */
  readonly status: string;
}

export interface FromStationTranslation<Request, Reply, Input, Outcome> {
  /** @param quirks of the station; absent: it has none */
  toInput(request: Request, origin: Origin, quirks?: Quirks): Input;
  toReply(outcome: Outcome, request: Request): Reply;
  /** What a request that breaks its schema says of the station's make: by that it may be forgiven. */
  toMake?(payload: Partial<Request>): StationMake;
  readonly shortcut?: Shortcut<Input>;
}

export interface ToStationTranslation<Request, Reply, Input> {
  /** Absent: any input can. Of several messages for one ask, the first in the table of contents that fits is sent. */
  fits?(input: Input): boolean;
  toRequest(input: Input): Request;
  toVerdict(reply: Reply): Verdict;
  /** What the exchange tells of the station, whoever began it: the request may be one that a caller wrote by hand. */
  toFinding?(request: Request, reply: Reply): Found | undefined;
  readonly secrets?: MessageSecrets;
}

/** The verdict of the many replies that hold nothing but a status. */
export function statusVerdict(...accepting: string[]): (reply: { status: string }) => Verdict {
  return ({ status }) => ({ accepted: accepting.includes(status), status });
}
