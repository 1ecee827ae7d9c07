import type { CommandAnswer, PartOutcome } from '@ohmnibus/contracts';
import type { CommandState } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import type { Order } from '../dispatch/order.js';

/** An order that takes several CALLs, without the word for any of them. */
export type WholeOrder = Omit<Order, 'content' | 'request'>;

/** What one of its CALLs is. */
export type Part = Pick<Order, 'content' | 'request'>;

/** The worse, the further behind. */
const byWeight: readonly (CommandState | 'not-sent')[] = ['accepted', 'queued', 'sent', 'rejected', 'failed', 'timed-out', 'expired', 'not-sent', 'unknown'];

/**
 * Sends the CALLs of one order one after the other, within the time of the whole order. Once the station turns out not to be reached, the rest
 * is not tried.
 */
export class Parts {
  private part = 0;
  private unreachable = false;
  private readonly deadline: number;

  constructor(
    private readonly dispatch: Pick<Dispatch, 'run'>,
    private readonly order: WholeOrder,
  ) {
    this.deadline = Date.now() + order.timeoutSeconds * 1000;
  }

  /** Rejects as Dispatch does. */
  async send(part: Part): Promise<PartOutcome> {
    const secondsLeft = (this.deadline - Date.now()) / 1000;
    if (this.unreachable || secondsLeft <= 0) return { state: 'not-sent' };
    const { idempotencyKey } = this.order;
    const key = idempotencyKey === undefined ? undefined : `${idempotencyKey}/${++this.part}`;
    const answer = await this.dispatch.run({ ...this.order, ...part, timeoutSeconds: secondsLeft, idempotencyKey: key });
    // A CALLERROR is an answer, and the next key may fare better.
    this.unreachable = answer.result.type === 'none';
    return partOutcome(answer);
  }
}

function partOutcome({ id, state, result }: CommandAnswer): PartOutcome {
  const outcome = { command: id, state };
  if (result.type === 'none') return { ...outcome, reason: result.reason };
  if (result.type === 'CALLERROR') return { ...outcome, reason: result.code };
  const status = (result.payload as { status?: unknown } | null)?.status;
  return typeof status === 'string' ? { ...outcome, status } : outcome;
}

/** What the whole amounts to: the worst of its parts. */
export function stateOf(parts: readonly PartOutcome[]): CommandState {
  const worst = parts.reduce((sum, { state }) => Math.max(sum, byWeight.indexOf(state)), 0);
  const state = byWeight[worst] ?? 'unknown';
  return state === 'not-sent' ? 'failed' : state;
}
