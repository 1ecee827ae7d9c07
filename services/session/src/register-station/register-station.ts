import type { BootOutcome, BootReport, Clock, StationRef } from '@ohmnibus/domain';
import type { StandingRules } from '../tenant-settings/standing-rules.js';
import type { Boot, Registered } from '../station-state/station-news.js';

export interface RegistrationIntervals {
  readonly heartbeatSeconds: number;
  /** For a station that is not accepted. */
  readonly retrySeconds: number;
}

/** The station has started: keep what it says of itself, and tell it whether it is accepted. A station that was deleted meanwhile is not. */
export class RegisterStation {
  constructor(
    /** Resolves when the boot is committed; undefined: no such station. */
    private readonly record: (boot: Boot) => Promise<Registered | undefined>,
    private readonly rules: Pick<StandingRules, 'settings' | 'quirks'>,
    private readonly intervals: RegistrationIntervals,
    private readonly clock: Clock,
    /** The station is not accepted any more: whoever remembers that it was forgets it. */
    private readonly lost: (station: StationRef) => void,
  ) {}

  async run(report: BootReport): Promise<BootOutcome> {
    const { origin, vendor, model, serialNumber, firmwareVersion, iccid, imsi, meterType, meterSerialNumber, reason } = report;
    const { tenant, station } = origin;
    const { bootPolicy: policy, onBootConfiguration, onBootLocalList } = await this.rules.settings(tenant);
    // Each field by its name: in a storm of boots a copy of the report with more fields to it would cost as much as reading the message.
    const boot = { origin, vendor, model, serialNumber, firmwareVersion, iccid, imsi, meterType, meterSerialNumber, reason, policy, onBootConfiguration, onBootLocalList };
    const [registered, quirks] = await Promise.all([this.record(boot), this.rules.quirks(tenant, { vendor, model, firmware: firmwareVersion })]);
    if (registered?.lost) this.lost({ tenant, station });
    const status = registered?.registration ?? 'Rejected';
    const intervalSeconds = status === 'Accepted' ? this.intervals.heartbeatSeconds : this.intervals.retrySeconds;
    return { status, at: this.clock.now(), intervalSeconds, quirks };
  }
}
