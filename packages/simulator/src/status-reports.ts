import type { Clock } from './clock.js';
import type { Dialect } from './dialect.js';
import { NotConnectedError } from './errors.js';
import type { ConnectorStatus, Evse } from './evse.js';
import type { Payload } from './rpc/frames.js';

interface StatusReportsParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly evses: ReadonlyMap<number, Evse>;
  readonly online: () => boolean;
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
}

/** Tells the CSMS how the connectors are, when it was last told otherwise. States passed through while offline are not kept. */
export class StatusReports {
  constructor(private readonly parts: StatusReportsParts) {}

  async set(evse: Evse, status: ConnectorStatus): Promise<void> {
    evse.status = status;
    await this.report(evse);
  }

  /** Says it again even if the CSMS knows. */
  async repeat(evse: Evse): Promise<void> {
    evse.reported = undefined;
    await this.report(evse);
  }

  /** After a boot the CSMS hears of everything, the station as a whole included. */
  async all(): Promise<void> {
    const { dialect, clock, call, evses } = this.parts;
    const station = dialect.status(0, 'Available', clock.now());
    const whole = station && call(station.action, station.payload);
    await Promise.all([whole, ...[...evses.values()].map((evse) => this.repeat(evse))]);
  }

  /** After a mere reconnect it hears of what has changed. */
  async changed(): Promise<void> {
    await Promise.all([...this.parts.evses.values()].map((evse) => this.report(evse)));
  }

  private async report(evse: Evse): Promise<void> {
    const { dialect, clock, call, online } = this.parts;
    const word = dialect.statusWord(evse.status);
    const request = dialect.status(evse.id, evse.status, clock.now());
    if (!online() || evse.reported === word || !request) return;
    evse.reported = word;
    try {
      await call(request.action, request.payload);
    } catch (error) {
      evse.reported = undefined;
      // Reported once the connection is back.
      if (!(error instanceof NotConnectedError)) throw error;
    }
  }
}
