import type { Stamp } from './station.js';

/** How far an update is, in the words of OCPP 2. */
export const firmwareStatuses = [
  'Idle',
  'DownloadScheduled',
  'Downloading',
  'DownloadPaused',
  'Downloaded',
  'DownloadFailed',
  'SignatureVerified',
  'InvalidSignature',
  'InstallScheduled',
  'Installing',
  'InstallRebooting',
  'InstallVerificationFailed',
  'InstallationFailed',
  'Installed',
] as const;
export type FirmwareStatus = (typeof firmwareStatuses)[number];

/** How far an upload is, in the words of OCPP 2. */
export const logUploadStatuses = [
  'Idle',
  'Uploading',
  'Uploaded',
  'UploadFailure',
  'BadMessage',
  'NotSupportedOperation',
  'PermissionDenied',
  'AcceptedCanceled',
] as const;
export type LogUploadStatus = (typeof logUploadStatuses)[number];

/** Something long that a station was asked to do, and tells the progress of. */
export const jobKinds = ['firmware-update', 'log-upload'] as const;
export type JobKind = (typeof jobKinds)[number];

/**
 * How a job stands. `ordered`: on its way to the station, or written and not answered. `running`: the station is at it, or will be.
 * `refused`: the station said no, or could not be asked. `succeeded` and `failed` are the station's word; a failed job may still go on,
 * since stations try again. `superseded`: given up for a newer job.
 */
export const jobStates = ['ordered', 'running', 'succeeded', 'failed', 'refused', 'superseded'] as const;
export type JobState = (typeof jobStates)[number];

const failures: ReadonlySet<string> = new Set<FirmwareStatus | LogUploadStatus>([
  'DownloadFailed',
  'InvalidSignature',
  'InstallVerificationFailed',
  'InstallationFailed',
  'UploadFailure',
  'BadMessage',
  'NotSupportedOperation',
  'PermissionDenied',
]);

/** What a station's report makes of the job that it is about. */
export function stateAfter(status: FirmwareStatus | LogUploadStatus): JobState {
  if (status === 'Installed' || status === 'Uploaded') return 'succeeded';
  if (status === 'AcceptedCanceled') return 'superseded';
  return failures.has(status) ? 'failed' : 'running';
}

/** Ours have 31 bits. Some stations make up larger ones, which match no job of ours and are not kept. */
export function keptRequestId(id: number | undefined): number | undefined {
  return id !== undefined && Number.isInteger(id) && Math.abs(id) < 2 ** 31 ? id : undefined;
}

/** A job as far as reports are matched to it. */
export interface Job {
  readonly id: string;
  /** Undefined: the order had none. */
  readonly requestId: number | undefined;
  readonly state: JobState;
  /** The last status that counted, and the stamp of its report. */
  readonly status: string | undefined;
  readonly stamp: Pick<Stamp, 'epoch' | 'frame'> | undefined;
}

/** A report as far as it is matched to jobs. */
export interface ProgressReport extends Pick<Stamp, 'epoch' | 'frame'> {
  readonly status: FirmwareStatus | LogUploadStatus;
  readonly requestId: number | undefined;
}

/**
 * Which of a station's jobs of one kind a report is about. The request id tells. A report that has none, or one that no job has, is about
 * the newest job that is not over: stations that were asked by a message without an id make one up, and others forget theirs. One that has
 * succeeded takes only what tells nothing new of it. A station that refused may do it all the same.
 * @param jobs the newest first
 */
export function jobOf(report: ProgressReport, jobs: readonly Job[]): Job | undefined {
  if (report.status === 'Idle') return undefined; // It says that there is no job.
  const { requestId } = report;
  const named = requestId === undefined ? undefined : jobs.find((job) => job.requestId === requestId);
  if (named) return named;
  const possible = requestId === undefined ? jobs : jobs.filter((job) => job.requestId === undefined);
  for (const job of possible) {
    if (job.state === 'ordered' || job.state === 'running' || job.state === 'failed') return job;
    if (job.state === 'succeeded') return report.status === job.status || isLate(report, job) ? job : refusedLast(possible);
  }
  return refusedLast(possible);
}

function refusedLast([newest]: readonly Job[]): Job | undefined {
  return newest?.state === 'refused' ? newest : undefined;
}

/** How a job stands after a report about it; undefined if it stands as before, as after a late report. */
export function advance(job: Job, report: ProgressReport): { readonly state: JobState; readonly status: string } | undefined {
  if (isLate(report, job)) return undefined;
  const state = stateAfter(report.status);
  // What was given up may tell how it went on, and counts again only if it reached its end after all.
  if (job.state === 'superseded' && state !== 'succeeded') return undefined;
  return { state, status: report.status };
}

function isLate({ epoch, frame }: ProgressReport, { stamp }: Job): boolean {
  return stamp !== undefined && (epoch < stamp.epoch || (epoch === stamp.epoch && frame <= stamp.frame));
}
