import { implausibleClock, isCriticalSecurityEvent, type Flag, type SecurityEventReport } from '@ohmnibus/domain';
import type { KeptSecurityEvent } from './security-event-store.js';

/** Something happened that concerns a station's security. It is kept whatever it says and whenever it says it was. */
export class RecordSecurityEvent {
  constructor(/** Resolves when the event is committed. */ private readonly record: (event: KeptSecurityEvent) => Promise<void>) {}

  async run(report: SecurityEventReport): Promise<Record<string, never>> {
    const { origin, type, at, flags = [] } = report;
    const remarks: Flag[] = implausibleClock(at, origin.receivedAt) ? [...flags, 'clock-implausible'] : [...flags];
    await this.record({ ...report, critical: isCriticalSecurityEvent(type), flags: remarks });
    return {};
  }
}
