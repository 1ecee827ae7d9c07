import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { cancelReservationCommand, reserveCommand, type ReserveAnswer } from '@ohmnibus/contracts';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { ReservationQueries } from './reservation-queries.js';
import {
  cancelQuery,
  reservationFilters,
  reservationPage,
  reservationQuery,
  reservationSchema,
  reserveBody,
  reserveOutcome,
  type CancelQuery,
  type Reservation,
  type ReservationFilters,
  type ReservationQuery,
  type ReserveBody,
} from './reservation-schemas.js';

const tag = 'Reservations';
const params = { id: 'The reservation\'s id' };
const noReservation = { 404: 'There is no such reservation' };
const answers = { 200: { description: 'How the command ended: what the station answered, or why there is no answer', schema: reserveOutcome } };

@Controller()
export class ReservationsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly reservations: ReservationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', 'stations/{id}/reservations', { ...ordering, tag, answers, summary: 'Has the station hold an EVSE for a token; never delivered late', body: reserveBody })
  async reserve(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(reserveBody)) { token, tokenKind, evse, group, expiresAt, ...body }: ReserveBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<ReserveAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(reserveCommand, {}, { ...order, token, tokenKind, evse, group, expiresAt }, answerTimeoutMs(order));
  }

  @Endpoint('get', 'reservations', { tag, summary: 'Lists reservations, the newest first', query: reservationFilters, answers: { 200: { description: 'A page of reservations', schema: reservationPage } } })
  listReservations(@Caller() { tenant }: KeyHolder, @Query(zod(reservationFilters)) filters: ReservationFilters): Promise<Page<Reservation>> {
    return this.reservations.list(tenant, filters);
  }

  @Endpoint('get', 'reservations/{id}', {
    tag,
    summary: 'A reservation',
    params,
    query: reservationQuery,
    answers: { 200: { description: 'The reservation', schema: reservationSchema } },
    problems: noReservation,
  })
  getReservation(@Caller() { tenant }: KeyHolder, @Param('id') id: string, @Query(zod(reservationQuery)) { station }: ReservationQuery): Promise<Reservation> {
    return this.reservations.get(tenant, id, station);
  }

  @Endpoint('delete', 'reservations/{id}', {
    ...ordering,
    tag,
    answers,
    summary: 'Has the station let go of a reservation, which stays on record',
    params,
    query: cancelQuery,
    problems: { ...ordering.problems, ...noReservation, 409: 'The idempotency key belongs to another command, or the reservation is over' },
  })
  async cancelReservation(
    @Caller() caller: KeyHolder,
    @Param('id') id: string,
    @Query(zod(cancelQuery)) { station: asked, timeoutSeconds }: CancelQuery,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<ReserveAnswer> {
    const { id: reservation, station } = await this.reservations.get(caller.tenant, id, asked);
    const order = { tenant: caller.tenant, station, timeoutSeconds, idempotencyKey: header, requestedBy: caller.name };
    return this.bus.ask(cancelReservationCommand, {}, { ...order, reservation }, answerTimeoutMs(order));
  }
}
