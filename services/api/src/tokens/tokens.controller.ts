import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { deleteToken, putToken } from '@ohmnibus/contracts';
import type { Response } from 'express';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { ImportTokens } from './import-tokens.js';
import { TokenQueries, unknownToken } from './token-queries.js';
import {
  importOutcome,
  importTokensBody,
  putTokenBody,
  tokenPage,
  tokenQuery,
  tokenSchema,
  type ImportOutcome,
  type ImportTokensBody,
  type PutTokenBody,
  type TokenQuery,
  type TokenView,
} from './token-schemas.js';

const tag = 'Tokens';
const params = { token: 'The token\'s value, percent-encoded; compared without regard to case' };
const problems = { 404: 'There is no such token' };

@Controller('tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokenQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists tokens, in the order of their values', query: tokenQuery, answers: { 200: { description: 'A page of tokens', schema: tokenPage } } })
  listTokens(@Caller() { tenant }: KeyHolder, @Query(zod(tokenQuery)) query: TokenQuery): Promise<Page<TokenView>> {
    return this.tokens.list(tenant, query);
  }

  @Endpoint('get', '{token}', { tag, summary: 'A token', params, answers: { 200: { description: 'The token', schema: tokenSchema } }, problems })
  getToken(@Caller() { tenant }: KeyHolder, @Param('token') token: string): Promise<TokenView> {
    return this.tokens.get(tenant, token);
  }

  @Endpoint('put', '{token}', {
    tag,
    summary: 'Says what a token may do',
    params,
    body: putTokenBody,
    answers: { 200: { description: 'It was known', schema: tokenSchema }, 201: { description: 'It is new', schema: tokenSchema } },
  })
  async putToken(
    @Caller() { tenant }: KeyHolder,
    @Param('token') token: string,
    @Body(zod(putTokenBody)) body: PutTokenBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenView> {
    const { created } = await this.bus.ask(putToken, {}, { tenant, token, ...body });
    response.status(created ? 201 : 200);
    return this.tokens.get(tenant, token);
  }

  @Endpoint('post', 'import', {
    tag,
    summary: 'Takes many tokens at once: those rows that are right are stored, and of each of the others it is said what is wrong',
    body: importTokensBody,
    answers: { 200: { description: 'What became of the rows', schema: importOutcome } },
    problems: { 413: 'It is too large for one request: send it in parts' },
  })
  importTokens(@Caller() { tenant }: KeyHolder, @Body(zod(importTokensBody)) body: ImportTokensBody): Promise<ImportOutcome> {
    return new ImportTokens(this.bus).run(tenant, body);
  }

  @Endpoint('delete', '{token}', { tag, summary: 'Makes a token unknown', params, answers: { 204: { description: 'It is gone', schema: null } }, problems })
  async deleteToken(@Caller() { tenant }: KeyHolder, @Param('token') token: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteToken, {}, { tenant, token });
    if (!deleted) throw unknownToken(token);
  }
}
