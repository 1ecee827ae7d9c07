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

/** What a gateway's answer without a CALLRESULT means for a command; `stale` has no meaning of its own, since it asks for another look-up. */
export function outcomeOf(answer: Exclude<GatewayCallOutcome, { kind: 'stale' | 'result' }>): Outcome {
  switch (answer.kind) {
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

/** A CALLRESULT's payload. */
export interface Reply {
  /** As the station sent it: JSON, or text if it is none. */
  readonly sent: unknown;
  /** The message that it answers, if it is one of ours. */
  readonly message: ToStation | undefined;
  /** As the message's schema has it; absent if it is beyond that. */
  readonly checked?: unknown;
}

export function readReply(protocol: ProtocolVersion, action: string, payload: string): Reply {
  const message = messageToStation(protocol, action);
  let sent: unknown;
  try {
    sent = JSON.parse(payload);
  } catch {
    return { sent: payload, message };
  }
  if (!message) return { sent, message, checked: sent };
  try {
    return { sent, message, checked: checkReply(sent, message) };
  } catch {
    return { sent, message };
  }
}

/**
 * A CALLRESULT is kept as the station sent it, but for secrets. If its verdict cannot be read, the station may have done it or not: `unknown`, never
 * `failed`, which says that it certainly was not done.
 */
export function resultOutcome(action: string, { sent, message, checked }: Reply): Outcome {
  const accepted = checked === undefined ? undefined : message ? verdictOf(checked, message) : statusOf(checked) !== 'Rejected';
  return { state: accepted === undefined ? 'unknown' : accepted ? 'accepted' : 'rejected', result: { type: 'CALLRESULT', payload: replyWithoutSecrets(action, sent) } };
}

function verdictOf(checked: unknown, message: ToStation): boolean | undefined {
  try {
    return message.toVerdict(checked).accepted;
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
function checkReply(reply: unknown, message: ToStation): unknown {
  try {
    return message.validateReply(reply);
  } catch {
    try {
      return message.validateReply(structuredClone(reply), mendable);
    } catch {
      return message.validateReply({ status: statusOf(reply) });
    }
  }
}

function statusOf(reply: unknown): unknown {
  return (reply as { status?: unknown } | null)?.status;
}
