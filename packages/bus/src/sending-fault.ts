import { Fault } from '@ohmnibus/domain';
import { ErrorCode } from 'nats';

/** Why a message did not leave. */
export function sendingFault(error: unknown): Fault {
  const tooLarge = (error as { code?: string }).code === ErrorCode.MaxPayloadExceeded;
  return tooLarge ? new Fault('too-large', 'the message is larger than NATS takes', {}, { cause: error }) : new Fault('unavailable', 'the message cannot be sent now', {}, { cause: error });
}
