import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { decideOnStation, putStation, putStationSettings, putTenantSettings } from '@ohmnibus/contracts';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { stationSchema, type Station } from '../stations/station-schemas.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { RegistrationQueries } from './registration-queries.js';
import {
  approveBody,
  newcomerPage,
  newcomerQuery,
  putStationSettingsBody,
  putTenantSettingsBody,
  refuseBody,
  stationSettingsSchema,
  tenantSettingsSchema,
  type Newcomer,
  type StationSettingsView,
  type TenantSettingsView,
} from './registration-schemas.js';

const tag = 'Registration';

@Controller()
export class RegistrationController {
  constructor(
    private readonly stations: StationQueries,
    private readonly registration: RegistrationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', 'newcomers', {
    tag,
    summary: 'Stations that came by themselves and wait for approval, or were refused, the earliest first',
    query: newcomerQuery,
    answers: { 200: { description: 'A page of newcomers', schema: newcomerPage } },
  })
  listNewcomers(@Caller() { tenant }: KeyHolder, @Query(zod(newcomerQuery)) query: z.output<typeof newcomerQuery>): Promise<Page<Newcomer>> {
    return this.registration.newcomers(tenant, query);
  }

  @Endpoint('post', 'stations/{id}/approve', {
    tag,
    summary: 'Accepts a newcomer, or releases a station whose boots are pending first; it hears at once if it is connected',
    params: stationParam,
    body: approveBody,
    answers: { 200: { description: 'The station', schema: stationSchema } },
    problems: noStation,
  })
  async approveStation(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Body(zod(approveBody)) { password }: z.output<typeof approveBody>): Promise<Station> {
    await this.stations.require({ tenant, station });
    if (password !== undefined) await this.bus.ask(putStation, {}, { tenant, station, password });
    await this.bus.ask(decideOnStation, {}, { tenant, station, decision: 'approved' });
    return this.stations.get({ tenant, station });
  }

  @Endpoint('post', 'stations/{id}/refuse', {
    tag,
    summary: 'Turns a station away: its connection is closed, and it is unknown at the door until it is approved',
    params: stationParam,
    body: refuseBody,
    answers: { 200: { description: 'The station', schema: stationSchema } },
    problems: noStation,
  })
  async refuseStation(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Body(zod(refuseBody)) _body: object): Promise<Station> {
    await this.stations.require({ tenant, station });
    await this.bus.ask(decideOnStation, {}, { tenant, station, decision: 'refused' });
    return this.stations.get({ tenant, station });
  }

  @Endpoint('get', 'stations/{id}/settings', { tag, summary: 'How the station is treated', params: stationParam, answers: { 200: { description: 'Its settings', schema: stationSettingsSchema } }, problems: noStation })
  async getStationSettings(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<StationSettingsView> {
    await this.stations.require({ tenant, station });
    return this.registration.station({ tenant, station });
  }

  @Endpoint('put', 'stations/{id}/settings', {
    tag,
    summary: 'Changes how the station is treated; a boot policy is in force from its next boot on',
    params: stationParam,
    body: putStationSettingsBody,
    answers: { 200: { description: 'Its settings', schema: stationSettingsSchema } },
    problems: noStation,
  })
  async putStationSettings(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Body(zod(putStationSettingsBody)) body: z.output<typeof putStationSettingsBody>): Promise<StationSettingsView> {
    await this.stations.require({ tenant, station });
    await this.bus.ask(putStationSettings, {}, { tenant, station, ...body });
    return this.registration.station({ tenant, station });
  }

  @Endpoint('get', 'settings', { tag, summary: 'How stations are treated that say nothing else', answers: { 200: { description: 'The settings', schema: tenantSettingsSchema } } })
  getTenantSettings(@Caller() { tenant }: KeyHolder): Promise<TenantSettingsView> {
    return this.registration.tenant(tenant);
  }

  @Endpoint('put', 'settings', { tag, summary: 'Says how stations are treated that say nothing else', body: putTenantSettingsBody, answers: { 200: { description: 'The settings', schema: tenantSettingsSchema } } })
  async putTenantSettings(@Caller() { tenant }: KeyHolder, @Body(zod(putTenantSettingsBody)) body: z.output<typeof putTenantSettingsBody>): Promise<TenantSettingsView> {
    await this.bus.ask(putTenantSettings, {}, { tenant, ...body });
    return this.registration.tenant(tenant);
  }
}
