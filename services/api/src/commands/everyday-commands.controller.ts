import { Body, Controller, Headers, Param } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { availabilityCommand, clearCacheCommand, everydayFields, resetCommand, unlockCommand, vendorMessageCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { zod } from '../http/zod-pipe.js';
import { StationQueries } from '../stations/station-queries.js';
import { answerTimeoutMs, ordering, orderOf } from './command-order.js';
import { orderOptions } from './command-schemas.js';

const { reset, unlock, availability, vendorMessage } = everydayFields;
const resetBody = z.strictObject({ when: reset.when.meta({ description: 'At once, or when its transactions have been ended in order' }), ...orderOptions }).meta({ id: 'ResetStation' });
const unlockBody = z.strictObject({ ...unlock, ...orderOptions }).meta({ id: 'UnlockConnector' });
const availabilityBody = z
  .strictObject({ ...availability, evse: availability.evse.meta({ description: 'Left out: the station as a whole' }), ...orderOptions })
  .meta({ id: 'ChangeAvailability' });
const clearCacheBody = z.strictObject(orderOptions).meta({ id: 'ClearCache' });
const vendorMessageBody = z.strictObject({ ...vendorMessage, ...orderOptions }).meta({ id: 'VendorMessage' });

/** What operators ask of stations every day, whatever version they speak. */
@Controller('stations')
export class EverydayCommandsController {
  constructor(
    private readonly stations: StationQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('post', '{id}/reset', { ...ordering, summary: 'Restarts a station', body: resetBody })
  async resetStation(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(resetBody)) { when, ...body }: z.output<typeof resetBody>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(resetCommand, {}, { ...order, when }, answerTimeoutMs(order));
  }

  @Endpoint('post', '{id}/unlock', { ...ordering, summary: 'Frees the cable of a connector', body: unlockBody })
  async unlockConnector(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(unlockBody)) { evse, connector, ...body }: z.output<typeof unlockBody>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(unlockCommand, {}, { ...order, evse, connector }, answerTimeoutMs(order));
  }

  @Endpoint('post', '{id}/availability', { ...ordering, summary: 'Takes a station, or one of its EVSEs, in or out of service', body: availabilityBody })
  async changeAvailability(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(availabilityBody)) { operative, evse, connector, ...body }: z.output<typeof availabilityBody>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(availabilityCommand, {}, { ...order, operative, evse, connector }, answerTimeoutMs(order));
  }

  @Endpoint('post', '{id}/clear-cache', { ...ordering, summary: 'Has a station forget the tokens that it remembers', body: clearCacheBody })
  async clearCache(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(clearCacheBody)) body: z.output<typeof clearCacheBody>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(clearCacheCommand, {}, order, answerTimeoutMs(order));
  }

  @Endpoint('post', '{id}/vendor-message', { ...ordering, summary: 'Sends a station something of its vendor\'s own', body: vendorMessageBody })
  async sendVendorMessage(
    @Caller() caller: KeyHolder,
    @Param('id') station: string,
    @Body(zod(vendorMessageBody)) { vendor, messageId, data, ...body }: z.output<typeof vendorMessageBody>,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<CommandAnswer> {
    const order = await orderOf(this.stations, caller, station, body, header);
    return this.bus.ask(vendorMessageCommand, {}, { ...order, vendor, messageId, data }, answerTimeoutMs(order));
  }
}
