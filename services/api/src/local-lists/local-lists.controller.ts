import { Body, Controller, Param } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { syncLocalListCommand, type SyncLocalListAnswer } from '@ohmnibus/contracts';
import { answerTimeoutMs } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { LocalListQueries } from './local-list-queries.js';
import { localListSchema, syncLocalListBody, syncOutcomeSchema, type LocalListView, type SyncLocalListBody } from './local-list-schemas.js';

const tag = 'Local lists';

@Controller('stations/:id/local-list')
export class LocalListsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly lists: LocalListQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'The list by which the station authorizes without asking, as far as its answers tell',
    params: stationParam,
    answers: { 200: { description: 'The list', schema: localListSchema } },
    problems: noStation,
  })
  async getLocalList(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<LocalListView> {
    await this.stations.require({ tenant, station });
    return this.lists.get({ tenant, station });
  }

  @Endpoint('post', 'sync', {
    tag,
    summary: 'Brings the station\'s list to what the tokens say: those that may be used there, each with its verdict',
    params: stationParam,
    body: syncLocalListBody,
    answers: { 200: { description: 'What was sent, and what the station said', schema: syncOutcomeSchema } },
    problems: { ...noStation, 409: 'The list is being brought up to date already', 504: 'No answer in time from the command service' },
  })
  async syncLocalList(@Caller() { tenant, name }: KeyHolder, @Param('id') station: string, @Body(zod(syncLocalListBody)) body: SyncLocalListBody): Promise<SyncLocalListAnswer> {
    await this.stations.require({ tenant, station });
    return this.bus.ask(syncLocalListCommand, {}, { tenant, station, requestedBy: name, stored: true, ...body }, answerTimeoutMs(body));
  }
}
