import { firmwareUpdateOrdered, keptRequestId, logUploadOrdered } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { JobStore } from './job-store.js';

/** An order for an update or a log is a job, whoever gave it and whichever way. */
export function learnJobs(findings: Findings, jobs: JobStore): Findings {
  return findings
    .learn(firmwareUpdateOrdered, ({ tenant, station, at, command: id }, { order: { requestId, location, ...details }, ...answered }) =>
      jobs.answer({ tenant, station, at, ...answered, id, kind: 'firmware-update', requestId: keptRequestId(requestId), location, details, fileName: undefined }),
    )
    .learn(logUploadOrdered, ({ tenant, station, at, command: id }, { order: { requestId, location, ...details }, fileName, ...answered }) =>
      jobs.answer({ tenant, station, at, ...answered, id, kind: 'log-upload', requestId: keptRequestId(requestId), location, details, fileName }),
    );
}
