import { tell, type Database, type Statement } from '@ohmnibus/database';
import { advance, jobOf, keptRequestId, type FirmwareStatus, type Job, type JobKind, type JobState, type LogUploadStatus, type Origin } from '@ohmnibus/domain';

/** A report on a job of either kind. */
export interface Progress {
  readonly origin: Origin;
  readonly kind: JobKind;
  readonly status: FirmwareStatus | LogUploadStatus;
  readonly requestId?: number;
}

/** Whoever matches jobs and reports of a station to each other does it alone; `maintenance` is the name that all agree on. */
const lockStation: Statement = {
  name: 'progress-lock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('maintenance/' || $1 || '/' || $2, 0))`,
};

const keepReport: Statement = {
  name: 'progress-keep',
  text: `INSERT INTO maintenance_report (tenant, station, epoch, frame, kind, received_at, status, request_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING true`,
};

/** Reports are matched to the newest few: what is older has long ended. The named one may be any. */
const selectJobs: Statement = {
  name: 'progress-jobs',
  text: `(SELECT id::text, request_id, state, status, epoch, frame, ordered_at FROM maintenance_job
      WHERE tenant = $1 AND station = $2 AND kind = $3 ORDER BY ordered_at DESC LIMIT 20)
    UNION (SELECT id::text, request_id, state, status, epoch, frame, ordered_at FROM maintenance_job
      WHERE tenant = $1 AND station = $2 AND kind = $3 AND request_id = $4 ORDER BY ordered_at DESC LIMIT 1)
    ORDER BY ordered_at DESC`,
};

const assignReport: Statement = {
  name: 'progress-assign',
  text: 'UPDATE maintenance_report SET job = $5::uuid WHERE tenant = $1 AND station = $2 AND epoch = $3 AND frame = $4',
};

const advanceJob: Statement = {
  name: 'progress-advance',
  text: `UPDATE maintenance_job SET state = $3, status = $4, status_at = $5, epoch = $6, frame = $7,
      ended_at = CASE WHEN $3 IN ('ordered', 'running') THEN NULL ELSE coalesce(CASE WHEN state = $3 THEN ended_at END, $5) END
    WHERE tenant = $1 AND id = $2::uuid`,
};

const tellProgress: Statement = {
  name: 'progress-tell',
  text: tell('SELECT $1::text, $2::text, $3::text, json_strip_nulls($4::json)'),
};

type JobRow = [id: string, requestId: number | null, state: JobState, status: string | null, epoch: string | null, frame: string | null];

/** What stations tell of updates and uploads: every report is kept once, and the job that it is about advances, if we know of one. */
export class ProgressStore {
  constructor(private readonly database: Pick<Database, 'transaction'>) {}

  /** One commit. A repetition of the same frame changes nothing. */
  record({ origin, kind, status, requestId }: Progress): Promise<void> {
    const { tenant, station, epoch, frame, receivedAt } = origin;
    const kept = keptRequestId(requestId) ?? null;
    return this.database.transaction(async (run) => {
      await run(lockStation, [tenant, station]);
      const [isNew] = await run(keepReport, [tenant, station, epoch, frame, kind, receivedAt, status, kept]);
      if (!isNew) return;
      const report = { epoch, frame, status, requestId };
      const job = jobOf(report, (await run<JobRow>(selectJobs, [tenant, station, kind, kept])).map(jobFrom));
      if (job) await run(assignReport, [tenant, station, epoch, frame, job.id]);
      const next = job && advance(job, report);
      if (next) await run(advanceJob, [tenant, job.id, next.state, next.status, receivedAt, epoch, frame]);
      const known = job && { id: job.id, state: next?.state ?? job.state };
      // A late report is history and no news; one of a job that we do not know of is news that only the reader can place.
      const news = job ? next && (next.state !== job.state || next.status !== job.status) : true;
      if (news) await run(tellProgress, [tenant, station, `${kind}.changed`, JSON.stringify({ ...known, status, requestId, at: receivedAt })]);
    });
  }
}

function jobFrom([id, requestId, state, status, epoch, frame]: JobRow): Job {
  return {
    id,
    requestId: requestId ?? undefined,
    state,
    status: status ?? undefined,
    stamp: epoch === null || frame === null ? undefined : { epoch: Number(epoch), frame: Number(frame) },
  };
}
