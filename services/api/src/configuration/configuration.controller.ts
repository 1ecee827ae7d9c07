import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import {
  applyTemplateCommand,
  configurationName,
  configureCommand,
  readConfigurationCommand,
  type ApplyTemplateAnswer,
  type ConfigureAnswer,
  type ReadConfigurationAnswer,
} from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { ConfigurationQueries } from './configuration-queries.js';
import {
  appliedSchema,
  applyBody,
  configurationQuery,
  configurationSchema,
  configuredSchema,
  driftPage,
  driftQuery,
  driftSchema,
  putKeyBody,
  refreshBody,
  refreshedSchema,
  type ConfigurationView,
  type Drift,
} from './configuration-schemas.js';

const tag = 'Configuration';
const unanswered = { ...noStation, 504: 'No answer in time from the command service' };
const marginMs = 10_000;

@Controller()
export class ConfigurationController {
  constructor(
    private readonly stations: StationQueries,
    private readonly configuration: ConfigurationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', 'stations/{id}/configuration', {
    tag,
    summary: 'What the station was last heard to be configured with, in the order of the keys',
    params: stationParam,
    query: configurationQuery,
    answers: { 200: { description: 'A page of keys', schema: configurationSchema } },
    problems: noStation,
  })
  async getConfiguration(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(configurationQuery)) query: z.output<typeof configurationQuery>): Promise<ConfigurationView> {
    await this.stations.require({ tenant, station });
    return this.configuration.of({ tenant, station }, query);
  }

  @Endpoint('post', 'stations/{id}/configuration/refresh', {
    tag,
    summary: 'Reads the configuration from the station, in as many messages as it takes',
    params: stationParam,
    body: refreshBody,
    answers: { 200: { description: 'What became of each message', schema: refreshedSchema } },
    problems: unanswered,
  })
  async refreshConfiguration(@Caller() caller: KeyHolder, @Param('id') station: string, @Body(zod(refreshBody)) body: z.output<typeof refreshBody>): Promise<ReadConfigurationAnswer> {
    const order = await this.order(caller, station, body.timeoutSeconds);
    return this.bus.ask(readConfigurationCommand, {}, { ...order, keys: body.keys }, body.timeoutSeconds * 1000 + marginMs);
  }

  @Endpoint('put', 'stations/{id}/configuration/{key}', {
    tag,
    summary: 'Changes one key of the station',
    params: { ...stationParam, key: 'The key, percent-encoded' },
    body: putKeyBody,
    answers: { 200: { description: 'What the station says to it', schema: configuredSchema } },
    problems: unanswered,
  })
  async putConfigurationKey(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Param('key') name: string,
    @Body(zod(putKeyBody)) { value, timeoutSeconds }: z.output<typeof putKeyBody>,
  ): Promise<ConfigureAnswer> {
    const key = configurationName.safeParse(name);
    if (!key.success) throw new Fault('bad-value', 'the key is not one that a station could have');
    const order = await this.order(caller, station, timeoutSeconds);
    return this.bus.ask(configureCommand, {}, { ...order, keys: [{ key: key.data, value }] }, timeoutSeconds * 1000 + marginMs);
  }

  @Endpoint('get', 'stations/{id}/configuration/drift', {
    tag,
    summary: 'How the station’s configuration differs from its template',
    params: stationParam,
    answers: { 200: { description: 'The differences', schema: driftSchema } },
    problems: { 404: 'There is no such station, or no template for it' },
  })
  async getDrift(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<Drift> {
    await this.stations.require({ tenant, station });
    const drift = await this.configuration.drift({ tenant, station });
    if (!drift) throw new Fault('not-found', 'no template fits the station, and none is assigned to it');
    return drift;
  }

  @Endpoint('post', 'stations/{id}/configuration/apply', {
    tag,
    summary: 'Changes what differs from a template, and tells of each key',
    params: stationParam,
    body: applyBody,
    answers: { 200: { description: 'What the station says to each', schema: appliedSchema } },
    problems: { ...unanswered, 404: 'There is no such station or template' },
  })
  async applyTemplate(@Caller() caller: KeyHolder, @Param('id') station: string, @Body(zod(applyBody)) { template, all, timeoutSeconds }: z.output<typeof applyBody>): Promise<ApplyTemplateAnswer> {
    const order = await this.order(caller, station, timeoutSeconds);
    return this.bus.ask(applyTemplateCommand, {}, { ...order, template, all }, timeoutSeconds * 1000 + marginMs);
  }

  @Endpoint('get', 'drifts', {
    tag,
    summary: 'Stations whose configuration differs from their templates, in the order of their ids; a page may be short',
    query: driftQuery,
    answers: { 200: { description: 'A page of stations with their differences', schema: driftPage } },
  })
  listDrifts(@Caller() { tenant }: KeyHolder, @Query(zod(driftQuery)) query: z.output<typeof driftQuery>): Promise<Page<Drift>> {
    return this.configuration.drifting(tenant, query);
  }

  private async order({ tenant, name }: KeyHolder, station: string, timeoutSeconds: number) {
    await this.stations.require({ tenant, station });
    return { tenant, station, timeoutSeconds, requestedBy: name };
  }
}
