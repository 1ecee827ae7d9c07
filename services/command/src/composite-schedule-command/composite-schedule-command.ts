import type { CompositeScheduleAnswer, CompositeScheduleCommand as CompositeQuestion } from '@ohmnibus/contracts';
import { readCompositeSchedule, type CompositeSchedule, type ProtocolVersion } from '@ohmnibus/domain';
import { messageFor } from '@ohmnibus/ocpp';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Asks a station of any version which limits result from all its profiles. */
export class CompositeScheduleCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  async run({ evse, duration, unit, ...order }: CompositeQuestion): Promise<CompositeScheduleAnswer> {
    const input = { evse, duration, unit };
    const request = translated(readCompositeSchedule, input);
    let protocol: ProtocolVersion | undefined;
    const answer = await this.dispatch.run({
      ...order,
      content: ['composite-schedule', input],
      request: (owner, command) => {
        protocol = owner?.protocol;
        return request(owner, command);
      },
    });
    const told = answer.result.type === 'CALLRESULT' ? answer.result.payload : undefined;
    return { ...answer, schedule: protocol && told ? scheduleOf(protocol, input, told) : null };
  }
}

/** What the answer says, in no version's words; null if it cannot be read, or is a refusal. */
function scheduleOf(protocol: ProtocolVersion, input: Pick<CompositeQuestion, 'evse' | 'duration' | 'unit'>, reply: unknown): CompositeScheduleAnswer['schedule'] {
  const message = messageFor(protocol, readCompositeSchedule, input);
  if (!message) return null;
  try {
    const found = message.toFinding?.(message.toRequest(input), message.validateReply(reply));
    return found ? asJson(found.body as CompositeSchedule) : null;
  } catch {
    return null;
  }
}

function asJson({ evse, startsAt, duration, unit, minRate, periods }: CompositeSchedule): CompositeScheduleAnswer['schedule'] {
  return { evse, startsAt: startsAt?.toISOString() ?? null, duration: duration ?? null, unit, minRate: minRate ?? null, periods: periods.map((period) => ({ ...period })) };
}
