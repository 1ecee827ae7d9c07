import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { deleteQuirkProfile, putQuirkProfile } from '@ohmnibus/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { QuirkQueries, unknownProfile } from './quirk-queries.js';
import { putQuirkProfileBody, quirkProfilePage, quirkProfileQuery, quirkProfileSchema, type PutQuirkProfileBody, type QuirkProfileView } from './quirk-schemas.js';

const tag = 'Quirks';
const params = { name: 'The profile\'s name, percent-encoded' };
const problems = { 404: 'There is no such profile' };

@Controller('quirk-profiles')
export class QuirksController {
  constructor(
    private readonly quirks: QuirkQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists quirk profiles: the tenant’s own, then those built in', query: quirkProfileQuery, answers: { 200: { description: 'A page of profiles', schema: quirkProfilePage } } })
  listQuirkProfiles(@Caller() { tenant }: KeyHolder, @Query(zod(quirkProfileQuery)) query: z.output<typeof quirkProfileQuery>): Promise<Page<QuirkProfileView>> {
    return this.quirks.list(tenant, query);
  }

  @Endpoint('get', '{name}', { tag, summary: 'A quirk profile', params, answers: { 200: { description: 'The profile', schema: quirkProfileSchema } }, problems })
  getQuirkProfile(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<QuirkProfileView> {
    return this.quirks.get(tenant, name);
  }

  @Endpoint('put', '{name}', {
    tag,
    summary: 'Says how a make of stations bends the rules; in force from their next boot or connection on',
    params,
    body: putQuirkProfileBody,
    answers: { 200: { description: 'It was known', schema: quirkProfileSchema }, 201: { description: 'It is new', schema: quirkProfileSchema } },
  })
  async putQuirkProfile(
    @Caller() { tenant }: KeyHolder,
    @Param('name') name: string,
    @Body(zod(putQuirkProfileBody)) body: PutQuirkProfileBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<QuirkProfileView> {
    const { created } = await this.bus.ask(putQuirkProfile, {}, { tenant, name, ...body });
    response.status(created ? 201 : 200);
    return this.quirks.get(tenant, name);
  }

  @Endpoint('delete', '{name}', { tag, summary: 'Removes a quirk profile of the tenant', params, answers: { 204: { description: 'It is gone', schema: null } }, problems })
  async deleteQuirkProfile(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteQuirkProfile, {}, { tenant, name });
    if (!deleted) throw unknownProfile(name);
  }
}
