import type { FirmwareReport, JobKind, LogUploadReport } from '@ohmnibus/domain';
import type { Progress } from './progress-store.js';

/** A station tells how far an update of its firmware or the upload of a log is. It is answered alike whether or not we know of the job. */
export class RecordProgress {
  constructor(/** Resolves when the report is committed. */ private readonly record: (progress: Progress) => Promise<void>) {}

  async run(kind: JobKind, { origin, status, requestId }: FirmwareReport | LogUploadReport): Promise<Record<string, never>> {
    await this.record({ origin, kind, status, requestId });
    return {};
  }
}
