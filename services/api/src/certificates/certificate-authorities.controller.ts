import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { addCertificateAuthority, removeCertificateAuthority } from '@ohmnibus/contracts';
import type { Response } from 'express';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { CertificateQueries, unknownAuthority } from './certificate-queries.js';
import { addAuthorityBody, authorityPage, authorityQuery, authoritySchema, type AddAuthorityBody, type AuthorityQuery, type AuthorityView } from './certificate-schemas.js';

const tag = 'Certificates';
const params = { id: 'The authority\'s id' };
const problems = { 404: 'There is no such authority' };

@Controller('certificate-authorities')
export class CertificateAuthoritiesController {
  constructor(
    private readonly certificates: CertificateQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'Authorities that are trusted here or in stations, the newest first; the tenant\'s own is made with the first certificate that it signs',
    query: authorityQuery,
    answers: { 200: { description: 'A page of authorities', schema: authorityPage } },
  })
  listCertificateAuthorities(@Caller() { tenant }: KeyHolder, @Query(zod(authorityQuery)) query: AuthorityQuery): Promise<Page<AuthorityView>> {
    return this.certificates.authorities(tenant, query);
  }

  @Endpoint('post', '', {
    tag,
    summary: 'Keeps the certificate of an authority: to believe stations that it has signed for, or to give it to stations',
    body: addAuthorityBody,
    answers: { 201: { description: 'It is new', schema: authoritySchema }, 200: { description: 'It was known', schema: authoritySchema } },
  })
  async addCertificateAuthority(
    @Caller() { tenant }: KeyHolder,
    @Body(zod(addAuthorityBody)) body: AddAuthorityBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuthorityView> {
    const { id, created } = await this.bus.ask(addCertificateAuthority, {}, { tenant, ...body });
    response.status(created ? 201 : 200);
    return this.certificates.authority(tenant, id);
  }

  @Endpoint('get', '{id}', { tag, summary: 'An authority', params, answers: { 200: { description: 'The authority', schema: authoritySchema } }, problems })
  getCertificateAuthority(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<AuthorityView> {
    return this.certificates.authority(tenant, id);
  }

  @Endpoint('delete', '{id}', {
    tag,
    summary: 'Forgets an authority: what it has signed is no longer believed. With the tenant\'s own its key is lost, and another is made when it is needed',
    params,
    answers: { 204: { description: 'It is gone', schema: null } },
    problems,
  })
  async removeCertificateAuthority(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<void> {
    await this.certificates.authority(tenant, id);
    const { removed } = await this.bus.ask(removeCertificateAuthority, {}, { tenant, id });
    if (!removed) throw unknownAuthority(id);
  }
}
