import { Body, Controller, Headers, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { certificateHash, deleteCertificateCommand, installCertificateCommand, listCertificatesCommand, renewCertificateCommand, type CommandAnswer, type ListCertificatesAnswer } from '@ohmnibus/contracts';
import { Fault, type CertificateHash } from '@ohmnibus/domain';
import { z } from 'zod';
import { answerTimeoutMs, ordering, orderOf } from '../commands/command-order.js';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { CertificateQueries } from './certificate-queries.js';
import {
  deleteQuery,
  installBody,
  refreshBody,
  refreshedSchema,
  renewBody,
  stationCertificatePage,
  type InstallBody,
  type RefreshBody,
  type RenewBody,
  type StationCertificate,
} from './certificate-schemas.js';

const tag = 'Certificates';

@Controller('stations/:id/certificates')
export class StationCertificatesController {
  constructor(
    private readonly stations: StationQueries,
    private readonly certificates: CertificateQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', {
    tag,
    summary: 'The roots that the station is believed to have, and its own certificate',
    params: stationParam,
    answers: { 200: { description: 'All of them', schema: stationCertificatePage } },
    problems: noStation,
  })
  async listStationCertificates(@Caller() { tenant }: KeyHolder, @Param('id') station: string): Promise<Page<StationCertificate>> {
    await this.stations.require({ tenant, station });
    return this.certificates.ofStation({ tenant, station });
  }

  @Endpoint('post', '', { ...ordering, tag, summary: 'Has the station trust a root', body: installBody })
  async installCertificate(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(installBody)) { type, certificate, authority, ...body }: InstallBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    const pem = certificate ?? (await this.certificates.authority(caller.tenant, authority ?? '')).certificate;
    return this.bus.ask(installCertificateCommand, {}, { ...order, use: type, certificate: pem }, answerTimeoutMs(order));
  }

  @Endpoint('delete', '{certificate}', {
    ...ordering,
    tag,
    summary: 'Has the station forget a root',
    params: { ...stationParam, certificate: 'The root\'s id, as the list has it: algorithm, hash of the issuer\'s name, of the issuer\'s key, serial number, with dots between them' },
    query: deleteQuery,
  })
  async deleteCertificate(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Param('certificate') name: string,
    @Query(zod(deleteQuery)) query: z.output<typeof deleteQuery>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, query, header);
    return this.bus.ask(deleteCertificateCommand, {}, { ...order, certificate: readHash(name) }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'renew', { ...ordering, tag, summary: 'Has the station ask for a new certificate of its own', body: renewBody })
  async renewCertificate(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(renewBody)) { type, ...body }: RenewBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(renewCertificateCommand, {}, { ...order, use: type }, answerTimeoutMs(order));
  }

  @Endpoint('post', 'refresh', {
    ...ordering,
    tag,
    summary: 'Asks the station which roots it has',
    body: refreshBody,
    answers: { 200: { description: 'What the station said, use by use', schema: refreshedSchema } },
  })
  async refreshCertificates(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(refreshBody)) { types, ...body }: RefreshBody,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<ListCertificatesAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(listCertificatesCommand, {}, { ...order, uses: types }, answerTimeoutMs(order));
  }
}

function readHash(text: string): CertificateHash {
  const [hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber] = text.split('.');
  const parsed = certificateHash.safeParse({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber });
  if (!parsed.success || text.split('.').length !== 4) throw new Fault('not-found', `there is no certificate ${JSON.stringify(text)}`);
  return parsed.data;
}
