import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, type JobKind, type JobState, type LogKind, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { FirmwareUpdate, JobFilters, LogUpload, Progress } from './job-schemas.js';

const jobKey = z.tuple([key.time, z.guid()]);
const reportKey = z.tuple([key.time, key.bigint, key.bigint]);
const reportsOfAJob = 100;

/** The rest of an order, as it was stored. */
interface Details {
  readonly image?: string;
  readonly signed?: boolean;
  readonly retrieveAt?: string;
  readonly installAt?: string;
  readonly log?: LogKind;
  readonly from?: string;
  readonly to?: string;
  readonly retries?: number;
  readonly retryIntervalSeconds?: number;
}

type JobRow = Prisma.MaintenanceJobGetPayload<object>;

/** Firmware updates, log uploads, and what stations told of them. */
export class JobQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async updates(tenant: string, filters: JobFilters): Promise<Page<FirmwareUpdate>> {
    return page(await this.rows('firmware-update', tenant, filters), filters.limit, keyOf, updateOf);
  }

  /** The newest first. */
  async uploads(tenant: string, filters: JobFilters): Promise<Page<LogUpload>> {
    const rows = await this.rows('log-upload', tenant, filters);
    const files = await this.filesOf(tenant, rows);
    return page(rows, filters.limit, keyOf, (row) => uploadOf(row, files));
  }

  async update(tenant: string, id: string): Promise<FirmwareUpdate & { reports: Progress[] }> {
    const row = await this.row('firmware-update', tenant, id);
    return { ...updateOf(row), reports: await this.reportsOf(tenant, id) };
  }

  async upload(tenant: string, id: string): Promise<LogUpload & { reports: Progress[] }> {
    const row = await this.row('log-upload', tenant, id);
    return { ...uploadOf(row, await this.filesOf(tenant, [row])), reports: await this.reportsOf(tenant, id) };
  }

  /** All that a station told of its updates and uploads, the newest first. */
  async reports({ tenant, station }: StationRef, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Progress>> {
    const after = readCursor(cursor, reportKey);
    const rows = await this.prisma.maintenanceReport.findMany({
      where: { tenant, station, ...(after && { receivedAt: { lte: after[0] }, ...behind('descending', { receivedAt: after[0], epoch: after[1], frame: after[2] }) }) },
      orderBy: [{ receivedAt: 'desc' }, { epoch: 'desc' }, { frame: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ receivedAt, epoch, frame }) => [receivedAt, Number(epoch), Number(frame)], progressOf);
  }

  private rows(kind: JobKind, tenant: string, { station, state, limit, cursor }: JobFilters): Promise<JobRow[]> {
    const after = readCursor(cursor, jobKey);
    return this.prisma.maintenanceJob.findMany({
      where: {
        tenant,
        kind,
        ...(station !== undefined && { station }),
        ...(state !== undefined && { state }),
        ...(after && { AND: { orderedAt: { lte: after[0] } }, ...behind('descending', { orderedAt: after[0], id: after[1] }) }),
      },
      orderBy: [{ orderedAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
  }

  private async row(kind: JobKind, tenant: string, id: string): Promise<JobRow> {
    const row = z.guid().safeParse(id).success ? await this.prisma.maintenanceJob.findFirst({ where: { tenant, id, kind } }) : null;
    if (!row) throw new Fault('not-found', `there is no ${kind === 'log-upload' ? 'log upload' : 'firmware update'} ${JSON.stringify(id)}`);
    return row;
  }

  private async reportsOf(tenant: string, job: string): Promise<Progress[]> {
    const rows = await this.prisma.maintenanceReport.findMany({ where: { tenant, job }, orderBy: [{ epoch: 'desc' }, { frame: 'desc' }], take: reportsOfAJob });
    return rows.map(progressOf);
  }

  private async filesOf(tenant: string, jobs: readonly JobRow[]): Promise<Map<string, LogUpload['files']>> {
    const rows = await this.prisma.storedFile.findMany({ where: { tenant, kind: 'log', owner: { in: jobs.map(({ id }) => id) } }, orderBy: { receivedAt: 'desc' } });
    const files = new Map<string, LogUpload['files']>();
    for (const { owner, name, size, sha256, receivedAt } of rows) {
      files.set(owner, [...(files.get(owner) ?? []), { name, size: Number(size), sha256, receivedAt: iso(receivedAt) }]);
    }
    return files;
  }
}

function keyOf({ orderedAt, id }: JobRow): [Date, string] {
  return [orderedAt, id];
}

function jobOf({ id, station, state, status, statusAt, answer, location, requestId, requestedBy, orderedAt, endedAt, details }: JobRow) {
  const { retries = null, retryIntervalSeconds = null } = details as Details;
  return {
    id,
    station,
    state: state as JobState,
    status,
    statusAt: iso(statusAt),
    answer,
    location,
    requestId,
    retries,
    retryIntervalSeconds,
    requestedBy,
    orderedAt: iso(orderedAt),
    endedAt: iso(endedAt),
  };
}

function updateOf(row: JobRow): FirmwareUpdate {
  const { image = null, signed = false, retrieveAt = null, installAt = null } = row.details as Details;
  return { ...jobOf(row), image, signed, retrieveAt, installAt };
}

function uploadOf(row: JobRow, files: Map<string, LogUpload['files']>): LogUpload {
  const { log = 'diagnostics', from = null, to = null } = row.details as Details;
  return { ...jobOf(row), log, from, to, fileName: row.fileName, files: files.get(row.id) ?? [] };
}

function progressOf({ kind, status, requestId, job, receivedAt }: Prisma.MaintenanceReportGetPayload<object>): Progress {
  return { kind: kind as JobKind, status, requestId, job, receivedAt: iso(receivedAt) };
}
