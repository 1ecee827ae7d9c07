import type { CommandAnswer } from '@ohmnibus/contracts';
import { tell, type Database, type Statement } from '@ohmnibus/database';
import { advance, type FirmwareStatus, type Job, type JobKind, type JobState, type LogUploadStatus, type StationRef } from '@ohmnibus/domain';
import { locationWithoutPassword } from '@ohmnibus/ocpp';

/** Something long that a station is asked to do; its id is that of the command. */
export interface NewJob extends StationRef {
  readonly id: string;
  readonly kind: JobKind;
  readonly requestId: number | undefined;
  readonly location: string;
  /** The rest of the order: JSON. */
  readonly details: object;
  readonly requestedBy?: string | undefined;
  readonly orderedAt: Date;
}

/** A job that the station has answered to. */
export interface AnsweredJob extends Omit<NewJob, 'requestedBy' | 'orderedAt'> {
  readonly accepted: boolean;
  readonly answer: string;
  readonly cancelsOthers: boolean;
  readonly fileName: string | undefined;
  readonly at: Date;
}

/** Whoever matches jobs and reports of a station to each other does it alone; `maintenance` is the name that all agree on. */
const lockStation: Statement = {
  name: 'job-lock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('maintenance/' || $1 || '/' || $2, 0))`,
};

const insertJob: Statement = {
  name: 'job-insert',
  text: `WITH job AS (
      INSERT INTO maintenance_job (tenant, id, station, kind, request_id, location, details, requested_by, ordered_at, state)
      VALUES ($1, $2::uuid, $3, $4, $5, $6, $7::json, $8, $9, 'ordered') ON CONFLICT DO NOTHING RETURNING *
    )
    ${tell(`SELECT tenant, station, kind || '.changed', json_build_object('id', id, 'state', state, 'at', ordered_at) FROM job`)}`,
};

/** Also of a command that somebody wrote by hand: it is a job as soon as it is answered, and began when the command was made. */
const answerJob: Statement = {
  name: 'job-answer',
  text: `INSERT INTO maintenance_job AS job (tenant, id, station, kind, request_id, location, details, requested_by, ordered_at, state, answer, file_name, ended_at)
    SELECT $1, $2::uuid, $3, $4, $5, $6, $7::json, command.requested_by, coalesce(command.created_at, $11), $8, $9, $10, CASE WHEN $8 = 'refused' THEN $11::timestamptz END
    FROM (SELECT) one LEFT JOIN command ON command.id = $2::uuid
    ON CONFLICT (tenant, id) DO UPDATE SET request_id = excluded.request_id, answer = excluded.answer, file_name = excluded.file_name,
      state = CASE WHEN job.state = 'ordered' THEN excluded.state ELSE job.state END,
      ended_at = CASE WHEN job.state = 'ordered' THEN excluded.ended_at ELSE job.ended_at END
    RETURNING state, ordered_at, status, epoch, frame`,
};

const supersede: Statement = {
  name: 'job-supersede',
  text: `UPDATE maintenance_job SET state = 'superseded', ended_at = $5
    WHERE tenant = $1 AND station = $2 AND kind = $3 AND id <> $4::uuid AND state IN ('ordered', 'running') AND ordered_at <= $6 AND ($7 OR request_id IS NULL)
    RETURNING id::text`,
};

/** Reports that came before we knew of the job that they are about: the station may be quicker than its own answer. */
const adoptReports: Statement = {
  name: 'job-adopt',
  text: `UPDATE maintenance_report SET job = $4::uuid
    WHERE tenant = $1 AND station = $2 AND kind = $3 AND job IS NULL AND status <> 'Idle' AND received_at >= $5
      AND (request_id IS NULL OR $6::integer IS NULL OR request_id = $6)
    RETURNING epoch, frame, status, received_at`,
};

const advanceJob: Statement = {
  name: 'job-advance',
  text: `UPDATE maintenance_job SET state = $3, status = $4, status_at = $5, epoch = $6, frame = $7, ended_at = CASE WHEN $3 IN ('ordered', 'running') THEN NULL ELSE $5::timestamptz END
    WHERE tenant = $1 AND id = $2::uuid`,
};

const tellJob: Statement = {
  name: 'job-tell',
  text: tell('SELECT $1::text, $2::text, $3::text, json_strip_nulls($4::json)'),
};

/** A job whose order was not answered: it ends if the station certainly did not get it. */
const settleJob: Statement = {
  name: 'job-settle',
  text: `WITH job AS (
      UPDATE maintenance_job SET state = $3, answer = $4, ended_at = CASE WHEN $3 = 'refused' THEN $5::timestamptz END
      WHERE tenant = $1 AND id = $2::uuid AND state = 'ordered' AND answer IS NULL RETURNING *
    )
    ${tell(`SELECT tenant, station, kind || '.changed', json_build_object('id', id, 'state', state, 'answer', answer, 'at', $5::timestamptz) FROM job WHERE state <> 'ordered'`)}`,
};

/** The process that waited for the answer is gone: how its command ended says what is known. */
const endAbandoned: Statement = {
  name: 'jobs-abandoned',
  text: `WITH job AS (
      UPDATE maintenance_job j SET
        state = CASE WHEN c.state = 'unknown' THEN 'ordered' ELSE 'refused' END,
        answer = coalesce(c.result->>'reason', c.result->>'code'),
        ended_at = CASE WHEN c.state <> 'unknown' THEN c.finished_at END
      FROM command c
      WHERE j.state = 'ordered' AND j.answer IS NULL AND c.id = j.id AND c.finished_at < $1 AND coalesce(c.result->>'reason', c.result->>'code') IS NOT NULL
      RETURNING j.*
    )
    ${tell(`SELECT tenant, station, kind || '.changed', json_build_object('id', id, 'state', state, 'answer', answer, 'at', ended_at) FROM job WHERE state <> 'ordered'`)}`,
};
/** How long after the end of its command a job is still its own process's. */
const settleGraceMs = 15_000;

type AnsweredRow = [state: JobState, orderedAt: Date, status: string | null, epoch: string | null, frame: string | null];
type ReportRow = [epoch: string, frame: string, status: FirmwareStatus | LogUploadStatus, receivedAt: Date];
type Run = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Firmware updates and log uploads, as far as orders make and end them; what stations report of them is the session service's. */
export class JobStore {
  constructor(private readonly database: Pick<Database, 'run' | 'transaction'>) {}

  /** Before the station is asked, so that no report of it comes too early. */
  async add({ tenant, id, station, kind, requestId, location, details, requestedBy, orderedAt }: NewJob): Promise<void> {
    await this.database.run(insertJob, [tenant, id, station, kind, requestId ?? null, locationWithoutPassword(location), JSON.stringify(details), requestedBy ?? null, orderedAt]);
  }

  /** Idempotent. */
  answer(job: AnsweredJob): Promise<void> {
    const { tenant, station, id, kind, requestId, location, details, accepted, answer, fileName, cancelsOthers, at } = job;
    return this.database.transaction(async (run) => {
      await run(lockStation, [tenant, station]);
      const state: JobState = accepted ? 'running' : 'refused';
      const values = [tenant, id, station, kind, requestId ?? null, locationWithoutPassword(location), JSON.stringify(details), state, answer, fileName ?? null, at];
      const [[present, orderedAt, status, epoch, frame]] = (await run<AnsweredRow>(answerJob, values)) as [AnsweredRow];
      const say = (body: object) => run(tellJob, [tenant, station, `${kind}.changed`, JSON.stringify({ ...body, at })]);
      await say({ id, state: present, answer });
      // Without request ids nobody can tell two jobs apart: the newer one stands for both.
      if (accepted && (cancelsOthers || requestId === undefined)) {
        for (const [other] of await run<[string]>(supersede, [tenant, station, kind, id, at, orderedAt, cancelsOthers])) await say({ id: other, state: 'superseded' });
      }
      const stamp = epoch === null || frame === null ? undefined : { epoch: Number(epoch), frame: Number(frame) };
      await this.adopt(run, job, { id, requestId, state: present, status: status ?? undefined, stamp }, orderedAt);
    });
  }

  /** What became of a job whose order has ended without an answer of the station's. */
  async settle(tenant: string, id: string, { state, result }: Pick<CommandAnswer, 'state' | 'result'>, now: Date): Promise<void> {
    const answer = result.type === 'none' ? result.reason : result.type === 'CALLERROR' ? result.code : undefined;
    if (answer === undefined) return;
    await this.database.run(settleJob, [tenant, id, state === 'unknown' ? 'ordered' : 'refused', answer, now]);
  }

  /** Likewise for those that nobody settles any more. */
  async settleAbandoned(now: Date): Promise<void> {
    await this.database.run(endAbandoned, [new Date(now.getTime() - settleGraceMs)]);
  }

  private async adopt(run: Run, { tenant, station, kind }: AnsweredJob, job: Job, since: Date): Promise<void> {
    const rows = await run<ReportRow>(adoptReports, [tenant, station, kind, job.id, since, job.requestId ?? null]);
    const reports = rows.map(([epoch, frame, status, receivedAt]) => ({ epoch: Number(epoch), frame: Number(frame), status, receivedAt, requestId: undefined }));
    const newest = reports.toSorted((a, b) => a.epoch - b.epoch || a.frame - b.frame).at(-1);
    const next = newest && advance(job, newest);
    if (!next) return;
    await run(advanceJob, [tenant, job.id, next.state, next.status, newest.receivedAt, newest.epoch, newest.frame]);
    await run(tellJob, [tenant, station, `${kind}.changed`, JSON.stringify({ id: job.id, ...next, at: newest.receivedAt })]);
  }
}
