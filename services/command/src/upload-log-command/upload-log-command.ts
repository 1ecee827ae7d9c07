import type { CommandAnswer, UploadLogCommand as UploadLogQuestion } from '@ohmnibus/contracts';
import { uploadLog, type Clock } from '@ohmnibus/domain';
import { randomInt } from 'node:crypto';
import { translated } from '../dispatch/translated.js';
import type { OrderJob } from '../jobs/order-job.js';
import type { StationLinks } from '../jobs/station-links.js';

/** Has a station of any version upload a log, to our file endpoint unless the caller has a place of its own. */
export class UploadLogCommand {
  constructor(
    private readonly orders: OrderJob,
    private readonly links: StationLinks,
    private readonly clock: Clock,
  ) {}

  async run({ log, location, from, to, retries, retryIntervalSeconds, ...order }: UploadLogQuestion): Promise<CommandAnswer> {
    const now = this.clock.now();
    const requestId = randomInt(1, 2 ** 31);
    const details = { log, retries, retryIntervalSeconds, from: from === undefined ? undefined : new Date(from), to: to === undefined ? undefined : new Date(to) };
    const place = (id: string) => location ?? this.links.forLog(order.tenant, id, now);
    return this.orders.run(
      {
        ...order,
        content: ['upload-log', { log, location, from, to, retries, retryIntervalSeconds }],
        request: (owner, id) => translated(uploadLog, { ...details, requestId, location: place(id) })(owner, id),
      },
      { kind: 'log-upload', requestId, location: place, details },
    );
  }
}
