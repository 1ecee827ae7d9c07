import type { Clock } from './clock.js';
import type { Evse, Token } from './evse.js';
import type { Verdict } from './remote-control.js';

/** What the CSMS asks to hold. */
export interface ReservationOrder {
  readonly id: number;
  /** 0: whichever is free. */
  readonly evse: number;
  readonly token: string;
  /** Tokens of this group may use it as well. */
  readonly group: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

interface ReservationsParts {
  readonly clock: Clock;
  readonly evses: ReadonlyMap<number, Evse>;
  /** An EVSE without a car is held, or free again. */
  readonly changed: (evse: Evse) => void;
}

/** A timer does not wait for longer. */
const longestWaitMs = 2 ** 31 - 1;

/** The EVSEs that a station holds for drivers who are on their way. */
export class Reservations {
  private readonly held = new Map<number, ReservationOrder>();
  private callOff: (() => void) | undefined;

  constructor(private readonly parts: ReservationsParts) {}

  /** A reservation of the same id is replaced; one that is refused leaves it as it was. */
  reserve(order: ReservationOrder): Verdict<'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable'> {
    const status = this.judge(order);
    if (status !== 'Accepted') return { status };
    const before = this.release(order.id);
    this.held.set(order.id, order);
    this.mark(order, true);
    this.wake();
    return {
      status,
      after: () => {
        if (before?.evse !== order.evse) this.show(before);
        this.show(order);
      },
    };
  }

  cancel(id: number): Verdict<'Accepted' | 'Rejected'> {
    const released = this.release(id);
    return released ? { status: 'Accepted', after: () => this.show(released) } : { status: 'Rejected' };
  }

  /** The one that a driver with this token, or of this group, would use here: that for this very EVSE or, if nobody holds it, one for any. */
  fitting(evse: number, { idToken }: Token, group?: string): number | undefined {
    const fits = (held: ReservationOrder) => same(held.token, idToken) || (held.group !== undefined && group !== undefined && same(held.group, group));
    const here = this.on(evse);
    if (here) return fits(here) ? here.id : undefined;
    return [...this.held.values()].find((held) => held.evse === 0 && fits(held))?.id;
  }

  /** Whether a driver may charge here: `group` if only others of his group could help. */
  admits(evse: number, token: Token): 'yes' | 'group' | 'no' {
    const held = this.on(evse);
    if (!held || same(held.token, token.idToken)) return 'yes';
    return held.group === undefined ? 'no' : 'group';
  }

  /** A charge has begun with it. */
  use(id: number): void {
    this.release(id);
  }

  /** Leaves no timer behind; what expires meanwhile is let go of by `wake`. */
  rest(): void {
    this.callOff?.();
    this.callOff = undefined;
  }

  wake(): void {
    this.rest();
    const now = this.parts.clock.now();
    for (const { id, expiresAt } of this.held.values()) if (expiresAt <= now) this.show(this.release(id));
    if (this.held.size === 0) return;
    const next = Math.min(...[...this.held.values()].map(({ expiresAt }) => expiresAt));
    this.callOff = this.parts.clock.after(Math.min(next - now, longestWaitMs), () => this.wake());
  }

  private judge({ id, evse: wanted, expiresAt }: ReservationOrder): 'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable' {
    const { clock, evses } = this.parts;
    if (expiresAt <= clock.now()) return 'Rejected';
    if (wanted !== 0) {
      const evse = evses.get(wanted);
      return evse ? this.stateOf(evse, id) : 'Rejected';
    }
    const states = [...evses.values()].map((evse) => this.stateOf(evse, id));
    const anywhere = [...this.held.values()].filter((held) => held.evse === 0 && held.id !== id).length;
    if (states.filter((state) => state === 'Accepted').length > anywhere) return 'Accepted';
    const [first = 'Rejected'] = states;
    return states.every((state) => state === first) && first !== 'Accepted' ? first : 'Occupied';
  }

  /** What a reservation of this id would meet there. */
  private stateOf(evse: Evse, id: number): 'Accepted' | 'Faulted' | 'Occupied' | 'Unavailable' {
    if (evse.status === 'Faulted') return 'Faulted';
    if (!evse.operative || evse.status === 'Unavailable') return 'Unavailable';
    const holder = this.on(evse.id);
    return evse.charge || evse.plugged || (holder && holder.id !== id) ? 'Occupied' : 'Accepted';
  }

  private on(evse: number): ReservationOrder | undefined {
    return [...this.held.values()].find((held) => held.evse === evse);
  }

  private release(id: number): ReservationOrder | undefined {
    const held = this.held.get(id);
    if (!held) return undefined;
    this.held.delete(id);
    this.mark(held, false);
    return held;
  }

  private mark({ evse: id }: ReservationOrder, reserved: boolean): void {
    const evse = this.parts.evses.get(id);
    if (evse) evse.reserved = reserved;
  }

  /** A held EVSE is seen from afar; that any one is held is not. */
  private show(held: ReservationOrder | undefined): void {
    const evse = held && this.parts.evses.get(held.evse);
    if (evse && !evse.plugged && !evse.charge) this.parts.changed(evse);
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
