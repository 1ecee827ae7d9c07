import { Controller, Param, Query } from '@nestjs/common';
import { directions } from '@ohmnibus/contracts';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { isoTime, pageSchema, paging, plainText, time, type Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { noStation, stationParam } from '../stations/stations.controller.js';
import { MessageQueries } from './message-queries.js';

export const messageSchema = z
  .object({
    at: isoTime.meta({ description: 'When the first frame was received or written' }),
    direction: z.enum(directions).meta({ description: 'Who spoke first' }),
    protocol: z.string(),
    action: z.string(),
    messageId: z.string(),
    request: z.string().meta({ description: 'The first frame as it crossed the wire' }),
    answer: z.string().nullable().meta({ description: 'The frame that answered it' }),
    latencyMs: z.int().meta({ description: 'From the first frame to the second' }),
    epoch: z.int().meta({ description: 'Of the connection' }),
    frame: z.int().meta({ description: 'Counts the frames of a direction within a connection' }),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

const messagePage = pageSchema('MessagePage', messageSchema);

export const messageFilters = z.strictObject({
  from: time.optional().meta({ description: 'RFC 3339' }),
  to: time.optional().meta({ description: 'RFC 3339; not included' }),
  action: plainText.optional(),
  direction: z.enum(directions).optional().meta({ description: 'Who spoke first' }),
  ...paging,
});
export type MessageFilters = z.output<typeof messageFilters>;

@Controller('stations')
export class MessagesController {
  constructor(
    private readonly stations: StationQueries,
    private readonly messages: MessageQueries,
  ) {}

  @Endpoint('get', '{id}/messages', {
    tag: 'Stations',
    summary: 'The frames that were exchanged with a station, up to half a second ago (under load two), the newest first by the time of the answer',
    params: stationParam,
    query: messageFilters,
    answers: { 200: { description: 'A page of messages', schema: messagePage } },
    problems: noStation,
  })
  async listMessages(@Caller() { tenant }: KeyHolder, @Param('id') station: string, @Query(zod(messageFilters)) filters: MessageFilters): Promise<Page<Message>> {
    await this.stations.require({ tenant, station });
    return this.messages.list({ tenant, station }, filters);
  }
}
