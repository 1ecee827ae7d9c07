import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { deleteTokenGroup, putTokenGroup } from '@ohmnibus/contracts';
import type { Response } from 'express';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { TokenGroupQueries, unknownGroup } from './token-group-queries.js';
import {
  putTokenGroupBody,
  tokenGroupPage,
  tokenGroupQuery,
  tokenGroupSchema,
  type PutTokenGroupBody,
  type TokenGroupQuery,
  type TokenGroupView,
} from './token-group-schemas.js';

const tag = 'Tokens';
const params = { group: 'The group\'s name, percent-encoded; compared without regard to case' };
const problems = { 404: 'Nothing was said of this group' };

@Controller('token-groups')
export class TokenGroupsController {
  constructor(
    private readonly groups: TokenGroupQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'Lists groups of which something was said, in the order of their names',
    query: tokenGroupQuery,
    answers: { 200: { description: 'A page of groups', schema: tokenGroupPage } },
  })
  listTokenGroups(@Caller() { tenant }: KeyHolder, @Query(zod(tokenGroupQuery)) query: TokenGroupQuery): Promise<Page<TokenGroupView>> {
    return this.groups.list(tenant, query);
  }

  @Endpoint('get', '{group}', { tag, summary: 'What holds for all tokens of a group', params, answers: { 200: { description: 'The group', schema: tokenGroupSchema } }, problems })
  getTokenGroup(@Caller() { tenant }: KeyHolder, @Param('group') group: string): Promise<TokenGroupView> {
    return this.groups.get(tenant, group);
  }

  @Endpoint('put', '{group}', {
    tag,
    summary: 'Says what holds for all tokens of a group: blocks them, or limits how many charge at once',
    params,
    body: putTokenGroupBody,
    answers: { 200: { description: 'It was known', schema: tokenGroupSchema }, 201: { description: 'It is new', schema: tokenGroupSchema } },
  })
  async putTokenGroup(
    @Caller() { tenant }: KeyHolder,
    @Param('group') group: string,
    @Body(zod(putTokenGroupBody)) body: PutTokenGroupBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenGroupView> {
    const { created } = await this.bus.ask(putTokenGroup, {}, { tenant, group, ...body });
    response.status(created ? 201 : 200);
    return this.groups.get(tenant, group);
  }

  @Endpoint('delete', '{group}', { tag, summary: 'Takes back what was said of a group; its tokens stay in it', params, answers: { 204: { description: 'It is gone', schema: null } }, problems })
  async deleteTokenGroup(@Caller() { tenant }: KeyHolder, @Param('group') group: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteTokenGroup, {}, { tenant, group });
    if (!deleted) throw unknownGroup(group);
  }
}
