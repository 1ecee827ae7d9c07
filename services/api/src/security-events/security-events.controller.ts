import { Controller, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { flag, isoTime, pageSchema, paging, plainText, time, type Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { SecurityEventQueries } from './security-event-queries.js';

const tag = 'Security';

const securityEventSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    type: z.string().meta({ description: 'In the words of OCPP 2' }),
    reported: z.string().meta({ description: 'In the station\'s own word' }),
    critical: z.boolean().meta({ description: 'As the standard\'s list has it' }),
    at: isoTime.meta({ description: 'By the station\'s clock' }),
    info: z.string().nullable(),
    flags: z.array(z.string()).meta({ description: 'What makes the record odd' }),
    receivedAt: isoTime,
  })
  .meta({ id: 'SecurityEvent' });
export type SecurityEvent = z.infer<typeof securityEventSchema>;
const securityEventPage = pageSchema('SecurityEventPage', securityEventSchema);

const ofOneStation = {
  type: plainText.optional().meta({ description: 'In the words of OCPP 2, or in the station\'s own' }),
  critical: flag.optional(),
  from: time.optional().meta({ description: 'By the station\'s clock' }),
  to: time.optional().meta({ description: 'By the station\'s clock; not included' }),
  ...paging,
};
const stationQuery = z.strictObject(ofOneStation);
const tenantQuery = z.strictObject({ station: plainText.optional(), ...ofOneStation });
export type SecurityEventFilters = z.output<typeof tenantQuery>;

@Controller()
export class SecurityEventsController {
  constructor(
    private readonly events: SecurityEventQueries,
    private readonly stations: StationQueries,
  ) {}

  @Endpoint('get', 'security-events', {
    tag,
    summary: 'What stations reported of their security, as it came in, the newest first',
    query: tenantQuery,
    answers: { 200: { description: 'A page of events', schema: securityEventPage } },
  })
  listSecurityEvents(@Caller() { tenant }: KeyHolder, @Query(zod(tenantQuery)) filters: SecurityEventFilters): Promise<Page<SecurityEvent>> {
    return this.events.list(tenant, filters);
  }

  @Endpoint('get', 'stations/{id}/security-events', {
    tag,
    summary: 'What a station reported of its security, the newest first',
    params: stationParam,
    query: stationQuery,
    answers: { 200: { description: 'A page of events', schema: securityEventPage } },
    problems: noStation,
  })
  async listSecurityEventsOfStation(
    @Caller() { tenant }: KeyHolder,
    @Param('id') station: string,
    @Query(zod(stationQuery)) filters: z.output<typeof stationQuery>,
  ): Promise<Page<SecurityEvent>> {
    await this.stations.require({ tenant, station });
    return this.events.list(tenant, { ...filters, station });
  }
}
