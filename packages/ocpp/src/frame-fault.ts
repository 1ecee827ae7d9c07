import type { ProtocolVersion } from '@ohmnibus/domain';
import { errorFrame, noId, type UnknownTypeFrame, type UnreadableFrame } from './frame.js';

/** OCPP-J 1.x; 1.5 never had a text of its own. */
const ignoring: ReadonlySet<ProtocolVersion> = new Set(['v15', 'v16']);

/**
 * What a version answers to a frame that is no message: the text of a CALLERROR, or undefined where it is to be ignored. 1.x ignores what
 * names no id and unknown message types; 2.0.1 reports both, with the id "-1" where it could read none. Neither answers an answer.
 */
export function frameFault(version: ProtocolVersion, frame: UnreadableFrame | UnknownTypeFrame): string | undefined {
  if (frame.kind === 'unknown-type') {
    if (ignoring.has(version)) return undefined;
    return errorFrame(frame.id ?? noId, 'MessageTypeNotSupported', `message type ${frame.messageType} is not supported`, '{}');
  }
  if (frame.isAnswer) return undefined;
  if (ignoring.has(version)) return frame.id && errorFrame(frame.id, 'FormationViolation', frame.reason, '{}');
  return errorFrame(frame.id ?? noId, 'RpcFrameworkError', frame.reason, '{}');
}
