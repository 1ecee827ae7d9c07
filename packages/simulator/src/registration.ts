import type { Clock } from './clock.js';
import type { BootReason, Dialect, StationPlate } from './dialect.js';
import { NotConnectedError } from './errors.js';
import type { Payload } from './rpc/frames.js';
import type { Settings } from './settings.js';

interface RegistrationParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly plate: StationPlate;
  readonly settings: Settings;
  /** Seconds between heartbeats that override what the CSMS says at boot. */
  readonly heartbeatSeconds: number | undefined;
  /** Wait before a boot that failed or named no interval is repeated, in milliseconds. */
  readonly retryMs: number;
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
  readonly accepted: () => void;
  readonly refused: () => void;
}

/** The station's standing with the CSMS: boots until accepted, then sends heartbeats. Acceptance outlives the connection, not a restart. */
export class Registration {
  private stopRetry: (() => void) | undefined;
  private stopHeartbeat: (() => void) | undefined;
  private reason: BootReason = 'PowerUp';
  isAccepted = false;

  constructor(private readonly parts: RegistrationParts) {}

  /** The station has lost its memory of being accepted. */
  forget(reason: BootReason): void {
    this.rest();
    this.isAccepted = false;
    this.reason = reason;
  }

  /** One BootNotification, and what follows from its answer. Resolves with that answer. */
  async boot(reason = this.reason): Promise<Payload> {
    const { dialect, plate, settings, call, heartbeatSeconds } = this.parts;
    this.stopRetry?.();
    const { action, payload } = dialect.boot(plate, reason);
    try {
      const answer = await call(action, payload);
      const interval = answer[dialect.bootInterval];
      const intervalSeconds = typeof interval === 'number' ? interval : 0;
      if (answer['status'] === 'Accepted') {
        settings.heartbeatSeconds = heartbeatSeconds ?? intervalSeconds;
        this.isAccepted = true;
        this.parts.accepted();
      } else {
        this.isAccepted = false;
        this.stopHeartbeat?.();
        this.parts.refused();
        this.retryAfter(intervalSeconds > 0 ? intervalSeconds * 1000 : this.parts.retryMs);
      }
      return answer;
    } catch (error) {
      if (!(error instanceof NotConnectedError) && !this.isAccepted) this.retryAfter(this.parts.retryMs);
      throw error;
    }
  }

  /** Starts the period anew. */
  scheduleHeartbeat(): void {
    const { clock, settings } = this.parts;
    this.stopHeartbeat?.();
    if (settings.heartbeatSeconds <= 0) return;
    this.stopHeartbeat = clock.after(settings.heartbeatSeconds * 1000, () => {
      this.heartbeat().catch(() => undefined);
      this.scheduleHeartbeat();
    });
  }

  heartbeat(): Promise<Payload> {
    const { action, payload } = this.parts.dialect.heartbeat(this.parts.clock.now());
    return this.parts.call(action, payload);
  }

  /** The connection is gone: no heartbeats, no boots. */
  rest(): void {
    this.stopRetry?.();
    this.stopHeartbeat?.();
  }

  private retryAfter(ms: number): void {
    this.stopRetry = this.parts.clock.after(ms, () => {
      this.boot().catch(() => undefined);
    });
  }
}
