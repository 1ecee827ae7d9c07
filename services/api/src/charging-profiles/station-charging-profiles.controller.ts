import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import {
  clearChargingProfileCommand,
  compositeScheduleCommand,
  setChargingProfileCommand,
  type CommandAnswer,
  type CompositeScheduleAnswer,
} from '@ohmnibus/contracts';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { ChargingProfileQueries } from './charging-profile-queries.js';
import {
  clearProfilesBody,
  compositeScheduleBody,
  compositeScheduleOutcome,
  installedPage,
  installedQuery,
  setProfileBody,
  type ClearProfilesBody,
  type CompositeScheduleBody,
  type InstalledQuery,
  type InstalledView,
  type SetProfileBody,
} from './charging-profile-schemas.js';

const tag = 'Charging profiles';

/** What limits a station keeps. */
@Controller('stations/:id')
export class StationChargingProfilesController {
  constructor(
    private readonly stations: StationQueries,
    private readonly profiles: ChargingProfileQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', 'charging-profiles', {
    tag,
    summary: 'What the station is believed to keep, by its own answers',
    params: stationParam,
    query: installedQuery,
    answers: { 200: { description: 'A page of profiles, in the order of their ids', schema: installedPage } },
    problems: noStation,
  })
  async listInstalled(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(installedQuery)) query: InstalledQuery): Promise<Page<InstalledView>> {
    await this.stations.require({ tenant, station });
    return this.profiles.installed({ tenant, station }, query);
  }

  @Endpoint('post', 'charging-profiles', {
    ...ordering,
    tag,
    summary: 'Has the station keep a profile of the catalogue',
    body: setProfileBody,
    problems: {
      ...ordering.problems,
      404: 'There is no such station, profile or transaction',
      409: 'The idempotency key belongs to another command, the transaction has ended, or none is open on the EVSE',
    },
  })
  async setChargingProfile(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(setProfileBody)) { profile, evse, transaction, ...body }: SetProfileBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(setChargingProfileCommand, {}, { ...order, profile, evse, transaction }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'charging-profiles/clear', { ...ordering, tag, summary: 'Has the station forget profiles', body: clearProfilesBody })
  async clearChargingProfiles(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(clearProfilesBody)) { profile, evse, purpose, stackLevel, ...body }: ClearProfilesBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(clearChargingProfileCommand, {}, { ...order, profile, evse, purpose, stackLevel }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'composite-schedule', {
    ...ordering,
    tag,
    summary: 'Asks which limits result from all profiles',
    body: compositeScheduleBody,
    answers: { 200: { description: 'How the command ended, and the schedule in no version\'s words', schema: compositeScheduleOutcome } },
  })
  async readCompositeSchedule(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(compositeScheduleBody)) { evse, duration, unit, ...body }: CompositeScheduleBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CompositeScheduleAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(compositeScheduleCommand, {}, { ...order, evse, duration, unit }, answerTimeoutMs(order));
  }
}
