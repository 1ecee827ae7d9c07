import type { VendorMessage, VendorReply } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';

/** Extensions are agreed vendor by vendor, and none is: an answer, not an error (P02.FR.06). */
export class ReceiveVendorMessage {
  constructor(private readonly log: Log) {}

  run({ origin: { tenant, station }, vendor, messageId }: VendorMessage): VendorReply {
    this.log.info('vendor-message-unknown', { tenant, station, vendor, vendorMessageId: messageId });
    return { status: 'UnknownVendorId' };
  }
}
