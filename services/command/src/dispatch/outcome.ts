import type { CommandResult, GatewayCallOutcome } from '@ohmnibus/contracts';
import { leniencies, type CommandState, type ProtocolVersion } from '@ohmnibus/domain';
import { messageToStation, replyWithoutSecrets, type ToStation } from '@ohmnibus/ocpp';

/** How a command ended. */
export interface Outcome {
  readonly state: Extract<CommandState, 'accepted' | 'rejected' | 'failed' | 'expired' | 'unknown'>;
  readonly result: CommandResult;
}

/** The end of a command that the station did not answer. */
export function noAnswer(state: 'failed' | 'expired' | 'unknown', reason: string): Outcome {
  return { state, result: { type: 'none', reason } };
}

/** What a gateway's answer means for a command; `stale` has no meaning of its own, since it asks for another look-up. */
export function outcomeOf(answer: Exclude<GatewayCallOutcome, { kind: 'stale' }>, protocol: ProtocolVersion, action: string): Outcome {
  switch (answer.kind) {
    case 'result':
      return resultOutcome(action, answer.payload, messageToStation(protocol, action));
    case 'error':
      return { state: 'failed', result: { type: 'CALLERROR', code: answer.code, description: answer.description, details: answer.details ?? {} } };
    case 'unanswered':
      return noAnswer('unknown', answer.reason);
    case 'not-written':
      // A pod that has written this id before does not write it again; what became of the first writing is not known.
      if (answer.reason === 'repeated') return noAnswer('unknown', answer.reason);
      return noAnswer(answer.reason === 'expired' ? 'expired' : 'failed', answer.reason);
  }
}

/**
 * A CALLRESULT is kept as the station sent it, but for secrets. If its verdict cannot be read, the station may have done it or not: `unknown`, never
 * `failed`, which says that it certainly was not done. A payload that is no JSON at all is kept as text.
 */
function resultOutcome(action: string, payload: string, message: ToStation | undefined): Outcome {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return { state: 'unknown', result: { type: 'CALLRESULT', payload } };
  }
  const accepted = message ? verdictOf(parsed, message) : (parsed as { status?: unknown } | null)?.status !== 'Rejected';
  return { state: accepted === undefined ? 'unknown' : accepted ? 'accepted' : 'rejected', result: { type: 'CALLRESULT', payload: replyWithoutSecrets(action, parsed) } };
}

function verdictOf(reply: unknown, message: ToStation): boolean | undefined {
  try {
    return message.toVerdict(readReply(reply, message)).accepted;
  } catch {
    return undefined;
  }
}

/** What a reply may be mended of without its meaning being touched: a word that nobody knows stays one. */
const mendable = leniencies.filter((leniency) => leniency !== 'other-words');

/**
 * The reply as its schema has it, or mended so that it fits: whoever finds something in it does so in spite of an overlong text elsewhere.
 * One that is beyond that still says yes or no by its status. Throws a Fault if it does not.
 */
export function readReply(reply: unknown, message: ToStation): unknown {
  try {
    return message.validateReply(reply);
  } catch {
    try {
      return message.validateReply(structuredClone(reply), mendable);
    } catch {
      return message.validateReply({ status: (reply as { status?: unknown } | null)?.status });
    }
  }
}
