import type { BootOutcome, BootReport, Clock, Registration } from '@ohmnibus/domain';

export interface RegistrationIntervals {
  readonly heartbeatSeconds: number;
  /** For a station that is not accepted. */
  readonly retrySeconds: number;
}

/** The station has started: keep what it says of itself, and tell it whether it is accepted. A station that was deleted meanwhile is not. */
export class RegisterStation {
  constructor(
    /** Resolves when the boot is committed; undefined: no such station. */
    private readonly record: (report: BootReport) => Promise<Registration | undefined>,
    private readonly intervals: RegistrationIntervals,
    private readonly clock: Clock,
  ) {}

  async run(report: BootReport): Promise<BootOutcome> {
    const status = (await this.record(report)) ?? 'Rejected';
    const intervalSeconds = status === 'Accepted' ? this.intervals.heartbeatSeconds : this.intervals.retrySeconds;
    return { status, at: this.clock.now(), intervalSeconds };
  }
}
