import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { sendCommand, startCommand, stopCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { CommandQueries } from './command-queries.js';
import {
  commandPage,
  commandQuery,
  commandSchema,
  outcomeSchema,
  sendBody,
  startBody,
  stopBody,
  type Command,
  type SendBody,
  type StartBody,
  type StopBody,
} from './command-schemas.js';

const ordering = {
  tag: 'Commands',
  params: stationParam,
  headers: { 'Idempotency-Key': 'The same key again answers with the first command instead of sending another' },
  answers: { 200: { description: 'How the command ended: what the station answered, or why there is no answer', schema: outcomeSchema } },
  problems: { ...noStation, 409: 'The idempotency key belongs to another command, or the transaction has ended', 504: 'No answer in time from the command service' },
};

/** The command service answers when the station's time is up at the latest; so much more for the way. */
const marginMs = 10_000;

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
    const order = await this.order(caller, station, body, header);
    return this.bus.ask(sendCommand, {}, { ...order, action, payload }, order.timeoutSeconds * 1000 + marginMs);
  }

  @Endpoint('post', 'stations/{id}/start', { ...ordering, summary: 'Starts a charge, whatever version the station speaks', body: startBody })
  async startCharging(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(startBody)) { token, tokenKind, evse, ...body }: StartBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await this.order(caller, station, body, header);
    return this.bus.ask(startCommand, {}, { ...order, token, tokenKind, evse }, order.timeoutSeconds * 1000 + marginMs);
  }

  @Endpoint('post', 'stations/{id}/stop', { ...ordering, summary: 'Stops a transaction, whatever version the station speaks', body: stopBody })
  async stopCharging(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(stopBody)) { transaction, ...body }: StopBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await this.order(caller, station, body, header);
    return this.bus.ask(stopCommand, {}, { ...order, transaction }, order.timeoutSeconds * 1000 + marginMs);
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

  private async order({ tenant, name }: KeyHolder, station: string, body: Pick<SendBody, 'timeoutSeconds' | 'idempotencyKey'>, header: string | undefined) {
    const { timeoutSeconds, idempotencyKey = header } = body;
    if (header !== undefined && idempotencyKey !== header) throw new Fault('bad-value', 'idempotencyKey: the body and the header Idempotency-Key differ');
    await this.stations.require({ tenant, station });
    return { tenant, station, timeoutSeconds, idempotencyKey, requestedBy: name };
  }
}
