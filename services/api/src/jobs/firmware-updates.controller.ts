import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { updateFirmwareCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { z } from 'zod';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { JobQueries } from './job-queries.js';
import {
  firmwareBody,
  firmwareUpdateDetail,
  firmwareUpdatePage,
  jobFilters,
  progressPage,
  progressQuery,
  type FirmwareBody,
  type FirmwareUpdate,
  type JobFilters,
  type Progress,
} from './job-schemas.js';

const tag = 'Firmware';

@Controller()
export class FirmwareUpdatesController {
  constructor(
    private readonly stations: StationQueries,
    private readonly jobs: JobQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', 'stations/{id}/firmware-updates', {
    ...ordering,
    tag,
    summary: 'Has a station install firmware; the outcome\'s id is that of the update',
    body: firmwareBody,
    problems: { ...ordering.problems, 404: 'There is no such station, or no such image' },
  })
  async orderFirmwareUpdate(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(firmwareBody)) { timeoutSeconds, idempotencyKey, ...fields }: FirmwareBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, { timeoutSeconds, idempotencyKey }, header);
    return this.bus.ask(updateFirmwareCommand, {}, { ...order, ...fields }, answerTimeoutMs(order));
  }

  @Endpoint('get', 'firmware-updates', {
    tag,
    summary: 'Lists firmware updates, the newest first',
    query: jobFilters,
    answers: { 200: { description: 'A page of updates', schema: firmwareUpdatePage } },
  })
  listFirmwareUpdates(@Caller() { tenant }: KeyHolder, @Query(zod(jobFilters)) filters: JobFilters): Promise<Page<FirmwareUpdate>> {
    return this.jobs.updates(tenant, filters);
  }

  @Endpoint('get', 'firmware-updates/{id}', {
    tag,
    summary: 'A firmware update and what the station told of it',
    params: { id: 'The update\'s id' },
    answers: { 200: { description: 'The update', schema: firmwareUpdateDetail } },
    problems: { 404: 'There is no such update' },
  })
  getFirmwareUpdate(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<FirmwareUpdate> {
    return this.jobs.update(tenant, id);
  }

  @Endpoint('get', 'stations/{id}/progress-reports', {
    tag,
    summary: 'What a station told of its updates and uploads, whether or not we know of the job, the newest first',
    params: stationParam,
    query: progressQuery,
    answers: { 200: { description: 'A page of reports', schema: progressPage } },
    problems: noStation,
  })
  async listProgressReports(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(progressQuery)) query: z.output<typeof progressQuery>): Promise<Page<Progress>> {
    await this.stations.require({ tenant, station });
    return this.jobs.reports({ tenant, station }, query);
  }
}
