import type { ClockDrift, StatusReport } from '@ohmnibus/domain';

/** A connector changed its state. Nothing is derived from it: its order against starts and stops means nothing. */
export class RecordStatus {
  constructor(
    /** Resolves when the report is committed. */
    private readonly record: (report: StatusReport) => Promise<void>,
    private readonly clocks: Pick<ClockDrift, 'note'>,
  ) {}

  async run(report: StatusReport): Promise<Record<string, never>> {
    if (report.at) this.clocks.note(report.origin, report.at);
    await this.record(report);
    return {};
  }
}
