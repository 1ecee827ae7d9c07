/**
 * The one catalogue of what can go wrong. A refusal by a rule (a blocked token, a rejected command) is an outcome, not a fault.
 * `transient` means that the same request may succeed later, unchanged.
 */
export const faults = {
  /** The frame or document cannot be read at all. */
  unreadable: { transient: false },
  /** A field that the schema does not know. */
  'extra-field': { transient: false },
  /** A field is absent, or there are fewer or more of it than allowed. */
  'missing-field': { transient: false },
  /** The JSON type of a field is wrong. */
  'wrong-type': { transient: false },
  /** The type is right; the length, range, format or enum value is not. */
  'bad-value': { transient: false },
  /** The protocol version has no such action. */
  'unknown-action': { transient: false },
  /** The action exists, and this system does not serve it. */
  'unsupported-action': { transient: false },
  unauthenticated: { transient: false },
  forbidden: { transient: false },
  'not-found': { transient: false },
  conflict: { transient: false },
  'too-large': { transient: false },
  /** Too much outstanding work; try again later. */
  overloaded: { transient: true },
  /** Nobody serves the request, or a store cannot be reached. */
  unavailable: { transient: true },
  /** The time given to the request ran out; whether it was carried out is not known. */
  'deadline-exceeded': { transient: true },
  /** A defect of ours. */
  internal: { transient: true },
} as const satisfies Record<string, { transient: boolean }>;

export type FaultCode = keyof typeof faults;

/** The only error class that this code throws on purpose. Branch on `code`, never on the message. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly code: FaultCode,
    message: string,
    /** Machine-readable context, such as the path of the offending field. */
    readonly details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get transient(): boolean {
    return faults[this.code].transient;
  }
}

/** What any thrown value means to a caller: faults as they are, everything else as a defect of ours. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('internal', error instanceof Error ? error.message : String(error), {}, { cause: error });
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faults, code);
}
