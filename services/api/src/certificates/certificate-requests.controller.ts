import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { decideCertificateRequest, revokeCertificate, type RequestDecision } from '@ohmnibus/contracts';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { CertificateQueries } from './certificate-queries.js';
import { denyBody, requestPage, requestQuery, requestSchema, revokedSchema, uploadBody, type RequestQuery, type RequestView } from './certificate-schemas.js';

const tag = 'Certificates';
const params = { id: 'The request\'s id' };
const problems = { 404: 'There is no such request' };
const deciding = {
  tag,
  params,
  answers: { 200: { description: 'The request', schema: requestSchema } },
  problems: { ...problems, 409: 'It does not wait for a decision any more' },
};

@Controller('certificate-requests')
export class CertificateRequestsController {
  constructor(
    private readonly certificates: CertificateQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'What stations asked to have signed and what became of it, the newest first',
    query: requestQuery,
    answers: { 200: { description: 'A page of requests', schema: requestPage } },
  })
  listCertificateRequests(@Caller() { tenant }: KeyHolder, @Query(zod(requestQuery)) query: RequestQuery): Promise<Page<RequestView>> {
    return this.certificates.requests(tenant, query);
  }

  @Endpoint('get', '{id}', { tag, summary: 'A request and its certificate', params, answers: { 200: { description: 'The request', schema: requestSchema } }, problems })
  getCertificateRequest(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<RequestView> {
    return this.certificates.request(tenant, id);
  }

  @Endpoint('post', '{id}/approve', { ...deciding, summary: 'Has a request signed by the tenant\'s own authority' })
  approveCertificateRequest(@Caller() caller: KeyHolder, @Param('id') id: string): Promise<RequestView> {
    return this.decide(caller, id, { kind: 'approve' });
  }

  @Endpoint('post', '{id}/deny', { ...deciding, summary: 'Refuses a request', body: denyBody })
  denyCertificateRequest(@Caller() caller: KeyHolder, @Param('id') id: string, @Body(zod(denyBody)) { reason }: z.output<typeof denyBody>): Promise<RequestView> {
    return this.decide(caller, id, { kind: 'deny', reason });
  }

  @Endpoint('put', '{id}/certificate', { ...deciding, summary: 'Uploads the certificate that another authority has made of a request; it goes to the station', body: uploadBody })
  uploadCertificate(@Caller() caller: KeyHolder, @Param('id') id: string, @Body(zod(uploadBody)) { certificate }: z.output<typeof uploadBody>): Promise<RequestView> {
    return this.decide(caller, id, { kind: 'certificate', chain: certificate });
  }

  @Endpoint('post', '{id}/revoke', {
    tag,
    summary: 'Takes a certificate back: it is no longer believed at the door',
    params,
    answers: { 200: { description: 'It is taken back', schema: revokedSchema } },
    problems,
  })
  async revokeCertificate(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<z.infer<typeof revokedSchema>> {
    await this.certificates.request(tenant, id);
    return this.bus.ask(revokeCertificate, {}, { tenant, id });
  }

  private async decide({ tenant, name }: KeyHolder, id: string, decision: RequestDecision): Promise<RequestView> {
    await this.certificates.request(tenant, id);
    await this.bus.ask(decideCertificateRequest, {}, { tenant, id, by: name, decision });
    return this.certificates.request(tenant, id);
  }
}
