import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { mergeQuarantined, replayQuarantined, resolveQuarantined } from '@ohmnibus/contracts';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { QuarantineQueries } from './quarantine-queries.js';
import {
  mergeBody,
  quarantinedSchema,
  quarantineFilters,
  quarantinePage,
  replayBody,
  resolveBody,
  type MergeBody,
  type Quarantined,
  type QuarantineFilters,
  type ReplayBody,
  type ResolveBody,
} from './quarantine-schemas.js';

const tag = 'Quarantine';
const params = { id: 'The report\'s id' };
const answers = { 200: { description: 'The report, with what was tried', schema: quarantinedSchema } };
const missing = { 404: 'There is no such report' };
const problems = { ...missing, 409: 'It has left quarantine otherwise already, or the repair is not possible: the detail says why' };

@Controller('quarantine')
export class QuarantineController {
  constructor(
    private readonly quarantine: QuarantineQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'What stations reported that made no sense, the newest first',
    query: quarantineFilters,
    answers: { 200: { description: 'A page of reports', schema: quarantinePage } },
  })
  listQuarantine(@Caller() { tenant }: KeyHolder, @Query(zod(quarantineFilters)) filters: QuarantineFilters): Promise<Page<Quarantined>> {
    return this.quarantine.list(tenant, filters);
  }

  @Endpoint('get', '{id}', { tag, summary: 'A report in quarantine, or one that was', params, answers, problems: missing })
  getQuarantined(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<Quarantined> {
    return this.quarantine.get(tenant, id);
  }

  @Endpoint('post', '{id}/resolve', { tag, summary: 'Nothing more is to be done about a report', params, body: resolveBody, answers, problems })
  async resolveQuarantined(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(resolveBody)) { note }: ResolveBody): Promise<Quarantined> {
    await this.quarantine.require(tenant, id);
    await this.bus.ask(resolveQuarantined, {}, { tenant, id, requestedBy: name, note });
    return this.quarantine.get(tenant, id);
  }

  @Endpoint('post', '{id}/merge', {
    tag,
    summary: 'Makes an end or readings part of a transaction',
    params,
    body: mergeBody,
    answers,
    problems: { ...problems, 404: 'There is no such report, or no such transaction' },
  })
  async mergeQuarantined(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(mergeBody)) { transaction, note }: MergeBody): Promise<Quarantined> {
    await this.quarantine.require(tenant, id);
    await this.bus.ask(mergeQuarantined, {}, { tenant, id, requestedBy: name, transaction, note });
    return this.quarantine.get(tenant, id);
  }

  @Endpoint('post', '{id}/replay', { tag, summary: 'Has a report go the way again that it should have gone, as after its transaction has appeared', params, body: replayBody, answers, problems })
  async replayQuarantined(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(replayBody)) { note }: ReplayBody = {}): Promise<Quarantined> {
    await this.quarantine.require(tenant, id);
    await this.bus.ask(replayQuarantined, {}, { tenant, id, requestedBy: name, note });
    return this.quarantine.get(tenant, id);
  }
}
