import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { replayRefusedEvent, resolveRefusedEvent } from '@ohmnibus/contracts';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { RefusedEventQueries } from './refused-event-queries.js';
import {
  refusedEventFilters,
  refusedEventPage,
  replayRefusedBody,
  resolveRefusedBody,
  wholeRefusedEventSchema,
  type RefusedEvent,
  type RefusedEventFilters,
  type ReplayRefusedBody,
  type ResolveRefusedBody,
  type WholeRefusedEvent,
} from './refused-event-schemas.js';

const tag = 'Refused events';
const params = { id: 'The event\'s id' };
const answers = { 200: { description: 'The event, and what became of it', schema: wholeRefusedEventSchema } };
const missing = { 404: 'There is no such event' };
const problems = { ...missing, 409: 'Something else has been done about it already: the detail says what' };

@Controller('refused-events')
export class RefusedEventsController {
  constructor(
    private readonly events: RefusedEventQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'Domain events that the stream does not take, such as one that is too large for it, the newest first',
    query: refusedEventFilters,
    answers: { 200: { description: 'A page of events, without their bodies', schema: refusedEventPage } },
  })
  listRefusedEvents(@Caller() { tenant }: KeyHolder, @Query(zod(refusedEventFilters)) filters: RefusedEventFilters): Promise<Page<RefusedEvent>> {
    return this.events.list(tenant, filters);
  }

  @Endpoint('get', '{id}', { tag, summary: 'An event that the stream did not take', params, answers, problems: missing })
  getRefusedEvent(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<WholeRefusedEvent> {
    return this.events.get(tenant, id);
  }

  @Endpoint('post', '{id}/resolve', { tag, summary: 'Nothing more is to be done about an event', params, body: resolveRefusedBody, answers, problems })
  async resolveRefusedEvent(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(resolveRefusedBody)) { note }: ResolveRefusedBody): Promise<WholeRefusedEvent> {
    await this.events.require(tenant, id);
    await this.bus.ask(resolveRefusedEvent, {}, { tenant, id, requestedBy: name, note });
    return this.events.get(tenant, id);
  }

  @Endpoint('post', '{id}/replay', {
    tag,
    summary: 'Has an event sent again, under a new id and behind all that wait; refused again it is another one here',
    params,
    body: replayRefusedBody,
    answers,
    problems,
  })
  async replayRefusedEvent(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(replayRefusedBody)) { note }: ReplayRefusedBody = {}): Promise<WholeRefusedEvent> {
    await this.events.require(tenant, id);
    await this.bus.ask(replayRefusedEvent, {}, { tenant, id, requestedBy: name, note });
    return this.events.get(tenant, id);
  }
}
