import type { ConnectionReport } from '@ohmnibus/contracts';

/** A report that is newer than all before it of its station. */
export interface ConnectionStep {
  readonly report: ConnectionReport;
  /** When the report's connection began, if that is among the reports. */
  readonly connectedAt: Date | undefined;
  /** Whether it is what the station's row will say. */
  readonly last: boolean;
}

/**
 * Whether a report says something new: a later connection, or the end of the present one. The end of a connection is final, and
 * reports may arrive in any order.
 */
export function newerConnection(report: Pick<ConnectionReport, 'epoch' | 'phase'>, known: Pick<ConnectionReport, 'epoch' | 'phase'>): boolean {
  return report.epoch > known.epoch || (report.epoch === known.epoch && known.phase === 'connected' && report.phase === 'disconnected');
}

/** The reports of a batch that change something among themselves, station by station in the order of their arrival. */
export function connectionSteps(reports: readonly ConnectionReport[]): ConnectionStep[] {
  const newest = new Map<string, { report: ConnectionReport; connectedAt: Date | undefined; place: number }>();
  const steps: (ConnectionStep & { last: boolean })[] = [];
  for (const report of reports) {
    const key = `${report.tenant.length}:${report.tenant}${report.station}`;
    const known = newest.get(key);
    if (known && !newerConnection(report, known.report)) continue;
    if (known) steps[known.place] = { ...steps[known.place]!, last: false };
    const connectedAt = report.phase === 'connected' ? report.at : known?.report.epoch === report.epoch ? known.connectedAt : undefined;
    newest.set(key, { report, connectedAt, place: steps.length });
    steps.push({ report, connectedAt, last: true });
  }
  return steps;
}
