import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { deleteConfigurationTemplate, putConfigurationTemplate } from '@ohmnibus/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { ConfigurationQueries, unknownTemplate } from './configuration-queries.js';
import { putTemplateBody, templatePage, templateQuery, templateSchema, type PutTemplateBody, type TemplateView } from './configuration-schemas.js';

const tag = 'Configuration';
const params = { name: 'The template\'s name, percent-encoded' };
const problems = { 404: 'There is no such template' };

@Controller('configuration-templates')
export class TemplatesController {
  constructor(
    private readonly configuration: ConfigurationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists templates, in the order of their names', query: templateQuery, answers: { 200: { description: 'A page of templates', schema: templatePage } } })
  listTemplates(@Caller() { tenant }: KeyHolder, @Query(zod(templateQuery)) query: z.output<typeof templateQuery>): Promise<Page<TemplateView>> {
    return this.configuration.templates(tenant, query);
  }

  @Endpoint('get', '{name}', { tag, summary: 'A template', params, answers: { 200: { description: 'The template', schema: templateSchema } }, problems })
  getTemplate(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<TemplateView> {
    return this.configuration.template(tenant, name);
  }

  @Endpoint('put', '{name}', {
    tag,
    summary: 'Says what the stations that fit, or that it is assigned to, are to be configured with',
    params,
    body: putTemplateBody,
    answers: { 200: { description: 'It was known', schema: templateSchema }, 201: { description: 'It is new', schema: templateSchema } },
  })
  async putTemplate(
    @Caller() { tenant }: KeyHolder,
    @Param('name') name: string,
    @Body(zod(putTemplateBody)) body: PutTemplateBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TemplateView> {
    const { created } = await this.bus.ask(putConfigurationTemplate, {}, { tenant, name, ...body });
    response.status(created ? 201 : 200);
    return this.configuration.template(tenant, name);
  }

  @Endpoint('delete', '{name}', { tag, summary: 'Removes a template; stations keep what they have', params, answers: { 204: { description: 'It is gone', schema: null } }, problems })
  async deleteTemplate(@Caller() { tenant }: KeyHolder, @Param('name') name: string): Promise<void> {
    const { deleted } = await this.bus.ask(deleteConfigurationTemplate, {}, { tenant, name });
    if (!deleted) throw unknownTemplate(name);
  }
}
