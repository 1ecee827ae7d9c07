import { Body, Controller, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { uploadLogCommand, type CommandAnswer } from '@ohmnibus/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { attachment } from '../files/attachment.js';
import { sendFile } from '../files/send-file.js';
import { StoredFiles } from '../files/stored-files.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { JobQueries } from './job-queries.js';
import { fileQuery, jobFilters, logBody, logUploadDetail, logUploadPage, type JobFilters, type LogBody, type LogUpload } from './job-schemas.js';

const tag = 'Logs';
const params = { id: 'The upload\'s id' };
const noUpload = { 404: 'There is no such upload' };

@Controller()
export class LogUploadsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly jobs: JobQueries,
    private readonly files: StoredFiles,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', 'stations/{id}/log-uploads', { ...ordering, tag, summary: 'Has a station upload a log; the outcome\'s id is that of the upload', body: logBody })
  async orderLogUpload(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(logBody)) { timeoutSeconds, idempotencyKey, ...fields }: LogBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, { timeoutSeconds, idempotencyKey }, header);
    return this.bus.ask(uploadLogCommand, {}, { ...order, ...fields }, answerTimeoutMs(order));
  }

  @Endpoint('get', 'log-uploads', { tag, summary: 'Lists log uploads, the newest first', query: jobFilters, answers: { 200: { description: 'A page of uploads', schema: logUploadPage } } })
  listLogUploads(@Caller() { tenant }: KeyHolder, @Query(zod(jobFilters)) filters: JobFilters): Promise<Page<LogUpload>> {
    return this.jobs.uploads(tenant, filters);
  }

  @Endpoint('get', 'log-uploads/{id}', {
    tag,
    summary: 'A log upload, what the station told of it, and its files',
    params,
    answers: { 200: { description: 'The upload', schema: logUploadDetail } },
    problems: noUpload,
  })
  getLogUpload(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<LogUpload> {
    return this.jobs.upload(tenant, id);
  }

  @Endpoint('get', 'log-uploads/{id}/file', {
    tag,
    summary: 'What the station has uploaded here',
    params,
    query: fileQuery,
    answers: { 200: { description: 'The file', schema: 'file' } },
    problems: { 404: 'There is no such upload, or nothing has come in' },
  })
  async downloadLog(
    @Caller() { tenant }: KeyHolder,
    @Param('id') id: string,
    @Query(zod(fileQuery)) { name }: z.output<typeof fileQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.jobs.upload(tenant, id);
    const file = await this.files.find({ tenant, kind: 'log', owner: id }, name);
    response.setHeader('content-disposition', attachment(file.name));
    await sendFile(request, response, file, (range) => this.files.open(file, range));
  }

  @Endpoint('delete', 'log-uploads/{id}/file', {
    tag,
    summary: 'Removes what the station has uploaded here; the upload stays on record',
    params,
    answers: { 204: { description: 'It is gone', schema: null } },
    problems: noUpload,
  })
  async deleteLog(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<void> {
    await this.jobs.upload(tenant, id);
    await this.files.drop({ tenant, kind: 'log', owner: id });
  }
}
