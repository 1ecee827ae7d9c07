import { readQuirks, writeQuirks, type GatewayCall } from '@ohmnibus/contracts';
import type { NoAnswerReason, Quirks, Registration, Standing } from '@ohmnibus/domain';
import { allowedWhilePending, askedFor, type Version } from '@ohmnibus/ocpp';

/** What a call of ours finds: open, refused for good, to be tried again after so many milliseconds, or as soon as the gate moves. */
export type Passage = 'open' | { readonly refused: NoAnswerReason } | { readonly afterMs: number } | 'waits';

/** How long a station that is not accepted may send what it was asked for: an update takes its time. */
const askedForMs = 3_600_000;

/**
 * Stands between a station and those who talk to it, as long as there is anything to mind: it is not accepted, has never booted, is
 * booting, has to settle, or has quirks. A station of which nothing of that is true has none, which is nearly every one at nearly any time.
 */
export class StationGate {
  private registration: Registration;
  private booted: boolean;
  quirks: Quirks | undefined;
  /** A boot is on its way to its answer. */
  private booting = false;
  /** Milliseconds since 1970: nothing is written to the station before. */
  private closedUntil = 0;
  /** What a pending station was asked to send, by action, and until when it may. */
  private asked: Map<string, number> | undefined;

  constructor(standing: Standing) {
    this.registration = standing.registration;
    this.booted = standing.booted;
    this.quirks = interned(standing.quirks);
  }

  /** Whether an action of the station, other than a boot, is not served: before it is accepted only what we have asked it for. */
  refuses(action: string, now: number): boolean {
    return this.registration !== 'Accepted' && !((this.asked?.get(action) ?? 0) > now);
  }

  /** Nothing is left to be minded: the gate can go. */
  get needless(): boolean {
    return this.registration === 'Accepted' && this.booted && !this.booting && !this.quirks;
  }

  bootBegins(): void {
    this.booting = true;
  }

  /** @param standing what the boot decided; absent: it failed, and the station will try again */
  bootEnds(standing: Standing | undefined, now: number): void {
    this.booting = false;
    if (!standing) return;
    this.registration = standing.registration;
    this.booted = true;
    this.quirks = interned(standing.quirks);
    this.closedUntil = now + (standing.quirks?.settleSeconds ?? 0) * 1000;
  }

  /** A CALL other than a boot was answered: a station that was moved here from elsewhere has no reason to boot, and takes itself for accepted. */
  heard(): void {
    if (this.registration === 'Accepted') this.booted = true;
  }

  /** Whether a call may be written now. */
  passage({ action }: Pick<GatewayCall, 'action'>, version: Version, now: number): Passage {
    if (this.booting || !this.booted) return 'waits';
    if (this.registration === 'Rejected') return { refused: 'not-accepted' };
    if (this.registration === 'Pending' && !allowedWhilePending(version.name, action)) return { refused: 'not-accepted' };
    return now < this.closedUntil ? { afterMs: this.closedUntil - now } : 'open';
  }

  /** A call was written. */
  wrote({ action, payload }: Pick<GatewayCall, 'action' | 'payload'>, now: number): void {
    if (this.registration !== 'Accepted') for (const asked of askedFor(action, payload)) (this.asked ??= new Map()).set(asked, now + askedForMs);
    const { pacingMs } = this.quirks ?? {};
    if (pacingMs !== undefined) this.closedUntil = Math.max(this.closedUntil, now + pacingMs);
  }

  /** Why a call whose time is up was not written. */
  get reasonToExpire(): NoAnswerReason {
    return this.booted ? 'expired' : 'not-booted';
  }
}

/** One object for all stations with these quirks. */
function interned(quirks: Quirks | undefined): Quirks | undefined {
  return quirks && readQuirks(writeQuirks(quirks));
}

/** A gate where one is needed. */
export function gateFor(standing: Standing | undefined): StationGate | undefined {
  if (!standing) return undefined;
  const gate = new StationGate(standing);
  return gate.needless ? undefined : gate;
}
