import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { sendCommand, startCommand, stopCommand, triggerCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { answerTimeoutMs, ordering, orderOf } from './command-order.js';
import { CommandQueries } from './command-queries.js';
import {
  commandPage,
  commandQuery,
  commandSchema,
  sendBody,
  startBody,
  stopBody,
  triggerBody,
  type Command,
  type SendBody,
  type StartBody,
  type StopBody,
  type TriggerBody,
} from './command-schemas.js';

@Controller()
export class CommandsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly commands: CommandQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', 'stations/{id}/commands', { ...ordering, summary: 'Has a station do any action of its version', body: sendBody })
  async sendCommand(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(sendBody)) { action, payload, ...body }: SendBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(sendCommand, {}, { ...order, action, payload }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'stations/{id}/start', { ...ordering, summary: 'Starts a charge, whatever version the station speaks', body: startBody })
  async startCharging(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(startBody)) { token, tokenKind, evse, chargingProfile, ...body }: StartBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(startCommand, {}, { ...order, token, tokenKind, evse, chargingProfile }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'stations/{id}/stop', { ...ordering, summary: 'Stops a transaction, whatever version the station speaks', body: stopBody })
  async stopCharging(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(stopBody)) { transaction, ...body }: StopBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(stopCommand, {}, { ...order, transaction }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'stations/{id}/trigger', { ...ordering, summary: 'Has a station send a message now, whatever version it speaks', body: triggerBody })
  async triggerMessage(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(triggerBody)) { message, evse, ...body }: TriggerBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(triggerCommand, {}, { ...order, message, evse }, answerTimeoutMs(order));
  }

  @Endpoint('get', 'stations/{id}/commands', {
    tag: 'Commands',
    summary: 'What a station was asked to do, the newest first',
    params: stationParam,
    query: commandQuery,
    answers: { 200: { description: 'A page of commands', schema: commandPage } },
    problems: noStation,
  })
  async listCommands(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(commandQuery)) query: z.output<typeof commandQuery>): Promise<Page<Command>> {
    await this.stations.require({ tenant, station });
    return this.commands.list({ tenant, station }, query);
  }

  @Endpoint('get', 'commands/{id}', {
    tag: 'Commands',
    summary: 'A command and what came of it',
    params: { id: 'The command\'s id' },
    answers: { 200: { description: 'The command', schema: commandSchema } },
    problems: { 404: 'There is no such command' },
  })
  getCommand(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<Command> {
    return this.commands.get(tenant, id);
  }
}
