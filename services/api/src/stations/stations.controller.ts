import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { deleteStation, disconnectStation, putStation } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import type { Response } from 'express';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { iso, type Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries, unknownStation } from './station-queries.js';
import {
  clocksSchema,
  closedSchema,
  connectionSchema,
  putStationBody,
  stationFilters,
  stationPage,
  stationSchema,
  statusPage,
  statusQuery,
  type Connection,
  type Connector,
  type PutStationBody,
  type Station,
  type StationFilters,
} from './station-schemas.js';

const tag = 'Stations';
export const stationParam = { id: 'The station\'s id, percent-encoded' };
export const noStation = { 404: 'There is no such station' };

@Controller('stations')
export class StationsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly bus: Bus,
    private readonly presence: Presence,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists stations, in the order of their ids', query: stationFilters, answers: { 200: { description: 'A page of stations', schema: stationPage } } })
  listStations(@Caller() { tenant }: KeyHolder, @Query(zod(stationFilters)) filters: StationFilters): Promise<Page<Station>> {
    return this.stations.list(tenant, filters);
  }

  @Endpoint('get', '{id}', { tag, summary: 'A station and its connectors', params: stationParam, answers: { 200: { description: 'The station', schema: stationSchema } }, problems: noStation })
  getStation(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<Station> {
    return this.stations.get({ tenant, station });
  }

  @Endpoint('put', '{id}', {
    tag,
    summary: 'Makes a station known, or changes its password and security profile',
    params: stationParam,
    body: putStationBody,
    answers: { 200: { description: 'It was known', schema: stationSchema }, 201: { description: 'It is new', schema: stationSchema } },
  })
  async putStation(
    @Caller() { tenant }: KeyHolder,
    @Param('id') station: string,
    @Body(zod(putStationBody)) body: PutStationBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Station> {
    const { created } = await this.bus.ask(putStation, {}, { tenant, station, ...body });
    response.status(created ? 201 : 200);
    return this.stations.get({ tenant, station });
  }

  @Endpoint('delete', '{id}', {
    tag,
    summary: 'Makes a station unknown and closes its connection; what it did stays on record',
    params: stationParam,
    answers: { 204: { description: 'It is gone', schema: null } },
    problems: noStation,
  })
  async deleteStation(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteStation, {}, { tenant, station });
    if (!deleted) throw unknownStation(station);
  }

  @Endpoint('get', '{id}/connection', {
    tag,
    summary: 'Where and since when the station is connected',
    params: stationParam,
    answers: { 200: { description: 'The connection', schema: connectionSchema } },
    problems: noStation,
  })
  async getConnection(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<z.infer<typeof connectionSchema>> {
    const { lastSeenAt } = await this.stations.require({ tenant, station });
    const owner = await this.presence.owner({ tenant, station });
    const seen: Pick<Connection, 'lastSeenAt'> = { lastSeenAt: iso(lastSeenAt) };
    if (!owner) return { online: false, pod: null, since: null, remoteAddress: null, protocol: null, epoch: null, ...seen };
    const { pod, remoteAddress, protocol, epoch, since } = owner;
    return { online: true, pod, since: iso(new Date(since)), remoteAddress, protocol, epoch, ...seen };
  }

  @Endpoint('post', '{id}/disconnect', {
    tag,
    summary: 'Closes the station\'s connection; the station may connect again',
    params: stationParam,
    answers: { 200: { description: 'It is closed', schema: closedSchema } },
    problems: { ...noStation, 409: 'The station is offline' },
  })
  async disconnectStation(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<z.infer<typeof closedSchema>> {
    await this.stations.require({ tenant, station });
    const owner = await this.presence.owner({ tenant, station });
    if (!owner) throw new Fault('conflict', 'the station is offline');
    return this.bus.ask(disconnectStation, { pod: owner.pod }, { tenant, station });
  }

  @Endpoint('get', '{id}/clock', {
    tag,
    summary: 'How far the station\'s clock was off, each time that it changed, the newest first',
    params: stationParam,
    answers: { 200: { description: 'The newest hundred', schema: clocksSchema } },
    problems: noStation,
  })
  async listClocks(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<z.infer<typeof clocksSchema>> {
    await this.stations.require({ tenant, station });
    return { items: await this.stations.clocks({ tenant, station }) };
  }

  @Endpoint('get', '{id}/statuses', {
    tag,
    summary: 'What the station\'s connectors reported, the newest first',
    params: stationParam,
    query: statusQuery,
    answers: { 200: { description: 'A page of reports', schema: statusPage } },
    problems: noStation,
  })
  async listStatuses(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(statusQuery)) query: z.output<typeof statusQuery>): Promise<Page<Connector>> {
    await this.stations.require({ tenant, station });
    return this.stations.statuses({ tenant, station }, query);
  }
}
