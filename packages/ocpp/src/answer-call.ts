import { asFault, Fault, registerStation, type BootOutcome, type FaultCode, type Operation, type Origin, type ProtocolVersion, type Quirks, type Standing, type StationMake } from '@ohmnibus/domain';
import { callErrorCode } from './call-error.js';
import { messageFromStation, versions } from './catalogue.js';
import type { FromStation } from './message.js';

/** A CALL of a station as a service receives it: the payload is JSON that nobody has looked into. */
export interface IncomingCall {
  readonly origin: Origin;
  readonly action: string;
  readonly payload: Buffer;
  /** Of the station; absent: it has none. */
  readonly quirks?: Quirks | undefined;
}

export type CallAnswer =
  /** `standing`: how the station stands from now on, which a boot decides. */
  | { readonly kind: 'result'; readonly payload: string; readonly standing?: Standing }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: string };

type Handler = (input: unknown) => unknown;

/** The quirks of a make; undefined: it has none. */
type QuirksOfMake = (tenant: string, make: StationMake) => Promise<Quirks | undefined>;

/** The operations that a service offers to stations, by name. */
export class Operations {
  private readonly handlers = new Map<string, Handler>();
  quirksOf: QuirksOfMake | undefined;

  /** The rule behind an operation. It answers when what it says is committed. */
  serve<Input, Outcome>(operation: Operation<Input, Outcome>, handle: (input: Input) => Outcome | Promise<Outcome>): this {
    this.handlers.set(operation.name, handle as Handler);
    return this;
  }

  /** By what a boot that breaks its schema may be forgiven: until it is, nobody knows the station's make. */
  forgive(quirksOf: QuirksOfMake): this {
    this.quirksOf = quirksOf;
    return this;
  }

  handlerOf(operation: Operation<unknown, unknown>): Handler | undefined {
    return this.handlers.get(operation.name);
  }
}

/**
 * Parses once, validates, translates, runs the operation and translates back. Never rejects: every fault has its CALLERROR.
 * @param onFault told of each fault before it is answered, so that defects, of which the station learns nothing, are not lost
 */
export async function answerCall(call: IncomingCall, operations: Operations, onFault?: (fault: Fault) => void): Promise<CallAnswer> {
  const { protocol } = call.origin;
  try {
    const message = messageFromStation(protocol, call.action);
    const handle = message && operations.handlerOf(message.operation);
    if (!message || !handle) throw notServed(protocol, call.action);
    let request: unknown;
    let input = call.quirks ? undefined : message.shortcut?.read(call.payload, call.origin);
    if (input === undefined) {
      const check = checked(message, parse(call.payload), call, operations.quirksOf);
      request = check instanceof Promise ? ((await check) as unknown) : check;
      input = message.toInput(request, call.origin, call.quirks);
      if (message.shortcut && !call.quirks) message.shortcut.learn(call.payload, (payload) => message.toInput(message.validate(JSON.parse(payload)), call.origin));
    }
    const outcome = await handle(input);
    const payload = JSON.stringify(message.toReply(outcome, request));
    return message.operation.name === registerStation.name ? { kind: 'result', payload, standing: standingOf(outcome as BootOutcome) } : { kind: 'result', payload };
  } catch (error) {
    const fault = asFault(error);
    onFault?.(fault);
    return errorAnswer(protocol, fault);
  }
}

/** A promise only where a boot asks for quirks that nobody knew of. */
function checked(message: FromStation, payload: unknown, call: IncomingCall, quirksOf: QuirksOfMake | undefined): unknown {
  const { toMake } = message;
  if (!toMake || !quirksOf) return message.validate(payload, call.quirks?.accepts);
  try {
    return message.validate(payload, call.quirks?.accepts);
  } catch (fault) {
    if (typeof payload !== 'object' || payload === null) throw fault;
    return forgiven(message, payload, fault, quirksOf(call.origin.tenant, textsOf(toMake(payload))));
  }
}

async function forgiven(message: FromStation, payload: object, fault: unknown, quirks: Promise<Quirks | undefined>): Promise<unknown> {
  const accepts = (await quirks)?.accepts;
  if (!accepts) throw fault;
  return message.validate(payload, accepts);
}

/** Of a payload that nobody has checked. */
function textsOf(make: StationMake): StationMake {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { vendor: text(make.vendor), model: text(make.model), firmware: text(make.firmware) };
}

function standingOf({ status, quirks }: BootOutcome): Standing {
  return { registration: status, booted: true, ...(quirks && { quirks }) };
}

/** The CALLERROR that says this fault in this version. The text of a defect of ours is not for others to read. */
export function errorAnswer(
  version: ProtocolVersion,
  fault: { code: FaultCode; message: string; details?: object },
): CallAnswer & { kind: 'error' } {
  const hidden = fault.code === 'internal';
  return {
    kind: 'error',
    code: callErrorCode(version, fault.code),
    description: hidden ? 'internal error' : fault.message,
    details: hidden ? '{}' : JSON.stringify(fault.details ?? {}),
  };
}

function notServed(version: ProtocolVersion, action: string): Fault {
  return new Fault(versions[version].actions.has(action) ? 'unsupported-action' : 'unknown-action', `${action} is not served`);
}

function parse(payload: Buffer): unknown {
  const text = payload.toString();
  try {
    return text.includes('\\u') ? JSON.parse(text, storable) : JSON.parse(text);
  } catch (error) {
    throw error instanceof Fault ? error : new Fault('unreadable', 'the payload is not JSON');
  }
}

const unstorable = /[\0\p{Surrogate}]/u;

/** Postgres stores neither NUL characters nor halves of surrogate pairs; refusing them here keeps them out of every table. */
function storable(key: string, value: unknown): unknown {
  if (unstorable.test(key) || (typeof value === 'string' && unstorable.test(value))) {
    throw new Fault('bad-value', 'the payload contains a character that cannot be stored');
  }
  return value;
}
