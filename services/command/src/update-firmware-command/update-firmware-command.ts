import type { CommandAnswer, UpdateFirmwareCommand as UpdateFirmwareQuestion } from '@ohmnibus/contracts';
import { Fault, updateFirmware, type Clock } from '@ohmnibus/domain';
import { randomInt } from 'node:crypto';
import { translated } from '../dispatch/translated.js';
import type { OrderJob } from '../jobs/order-job.js';
import type { StationLinks } from '../jobs/station-links.js';

/** Has a station of any version install firmware: an image of ours, or one from a place of the caller's. */
export class UpdateFirmwareCommand {
  constructor(
    private readonly orders: OrderJob,
    private readonly links: StationLinks,
    private readonly hasImage: (tenant: string, name: string) => Promise<boolean>,
    private readonly clock: Clock,
  ) {}

  async run({ image, location, retrieveAt, installAt, signingCertificate, signature, retries, retryIntervalSeconds, ...order }: UpdateFirmwareQuestion): Promise<CommandAnswer> {
    const asked = { image, location, retrieveAt, installAt, signingCertificate, signature, retries, retryIntervalSeconds };
    const times = { retrieveAt: retrieveAt === undefined ? this.clock.now() : new Date(retrieveAt), installAt: installAt === undefined ? undefined : new Date(installAt) };
    const tries = { retries, retryIntervalSeconds };
    const place = location ?? (await this.link(order.tenant, image ?? '', times.retrieveAt));
    const requestId = randomInt(1, 2 ** 31);
    const signed = signature !== undefined && signingCertificate !== undefined;
    const input = { requestId, location: place, ...times, ...tries, signature: signed ? { signature, signingCertificate } : undefined };
    return this.orders.run(
      { ...order, content: ['update-firmware', asked], request: translated(updateFirmware, input) },
      { kind: 'firmware-update', requestId, location: () => place, details: { image, ...times, ...tries, signed } },
    );
  }

  private async link(tenant: string, image: string, retrieveAt: Date): Promise<string> {
    const link = this.links.forImage(tenant, image, retrieveAt);
    if (!(await this.hasImage(tenant, image))) throw new Fault('not-found', `there is no firmware image ${JSON.stringify(image)}`);
    return link;
  }
}
