import type { CommandAnswer, ReserveAnswer, ReserveCommand as ReserveQuestion } from '@ohmnibus/contracts';
import { Fault, reserveEvse, type Clock } from '@ohmnibus/domain';
import { commandId } from '../dispatch/command-id.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { ReservationStore } from '../reservations/reservation-store.js';

/**
 * Has a station of any version hold an EVSE. The reservation is on record before the station is asked, so that one whose answer is lost is
 * known as `unknown` and can be cancelled.
 */
export class ReserveCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly reservations: Pick<ReservationStore, 'request' | 'ofCommand' | 'withdraw' | 'endUnanswered'>,
    private readonly clock: Clock,
    private readonly notStored: (command: string, error: unknown) => void,
  ) {}

  async run({ token: value, tokenKind, evse, group, expiresAt, ...order }: ReserveQuestion): Promise<ReserveAnswer> {
    const token = { value, kind: tokenKind };
    const content = ['reserve', { token, evse, group, expiresAt }];
    const known = await this.dispatch.repetition({ ...order, content });
    if (known) return this.repeated(order.tenant, known);

    const id = commandId({ ...order, content });
    const requestedAt = this.clock.now();
    const deadline = new Date(requestedAt.getTime() + order.timeoutSeconds * 1000);
    const asked = { evse, token, expiresAt: new Date(expiresAt) };
    const requested = await this.reservations.request({ ...asked, tenant: order.tenant, station: order.station, command: id, group, requestedAt, deadline });
    try {
      const answer = await this.dispatch.run({ ...order, id, content, request: translated(reserveEvse, { ...asked, ...requested }) });
      await this.end(order.tenant, answer);
      return { ...answer, reservation: requested.id };
    } catch (error) {
      await this.reservations.withdraw(order.tenant, id).catch((failure: unknown) => this.notStored(id, failure));
      throw error;
    }
  }

  private async repeated(tenant: string, answer: CommandAnswer): Promise<ReserveAnswer> {
    const requested = await this.reservations.ofCommand(tenant, answer.id);
    if (!requested) throw new Fault('not-found', 'another reservation has taken the place of the first one under this idempotency key');
    return { ...answer, reservation: requested.id };
  }

  /** What the station has said is learnt already; that it has said nothing is not. If it cannot be stored, the next round over open reservations does it. */
  private async end(tenant: string, { id, state, result }: CommandAnswer): Promise<void> {
    if (state === 'accepted' || state === 'rejected') return;
    const reason = result.type === 'none' ? result.reason : result.type === 'CALLERROR' ? result.code : undefined;
    const end = { state: state === 'unknown' ? ('unknown' as const) : ('failed' as const), reason, at: this.clock.now() };
    await this.reservations.endUnanswered(tenant, id, end).catch((error: unknown) => this.notStored(id, error));
  }
}
