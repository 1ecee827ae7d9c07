import { Body, Controller, Headers, Param } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { raiseProfileCommand, rotatePasswordCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { raiseBody, rotateBody, type RaiseBody, type RotateBody } from './credential-schemas.js';

/** By what stations prove who they are, changed by the stations themselves. */
@Controller()
export class CredentialsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', 'stations/{id}/password/rotate', {
    ...ordering,
    summary: 'Gives the station a new password; the old one stays right until it is certain that the station has the new one',
    body: rotateBody,
  })
  async rotatePassword(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(rotateBody)) { password, ...body }: RotateBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(rotatePasswordCommand, {}, { ...order, password }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'stations/{id}/security-profile/raise', {
    ...ordering,
    summary: 'Has the station connect with a higher security profile; once it has, it is let in with nothing less',
    body: raiseBody,
    problems: { ...ordering.problems, 409: 'The profile is not higher than the present one, or the station has not what it needs for it' },
  })
  async raiseSecurityProfile(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(raiseBody)) { profile, restart, ...body }: RaiseBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(raiseProfileCommand, {}, { ...order, profile, restart }, 2 * answerTimeoutMs(order));
  }
}
