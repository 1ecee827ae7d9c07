import { firmwareUpdateOrdered, logUploadOrdered } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { JobStore } from './job-store.js';

/** An order for an update or a log is a job, whoever gave it and whichever way. */
export function learnJobs(findings: Findings, jobs: JobStore): Findings {
  return findings
    .learn(firmwareUpdateOrdered, ({ command: id, protocol: _, ...where }, { order: { requestId, location, ...details }, ...answered }) =>
      jobs.answer({ ...where, ...answered, id, kind: 'firmware-update', requestId, location, details, fileName: undefined }),
    )
    .learn(logUploadOrdered, ({ command: id, protocol: _, ...where }, { order: { requestId, location, ...details }, fileName, ...answered }) =>
      jobs.answer({ ...where, ...answered, id, kind: 'log-upload', requestId, location, details, fileName }),
    );
}
