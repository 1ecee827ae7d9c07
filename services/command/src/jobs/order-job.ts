import type { CommandAnswer } from '@ohmnibus/contracts';
import type { Clock, JobKind } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import type { Order } from '../dispatch/order.js';
import type { JobStore } from './job-store.js';

/** What a job is made of, apart from the order that it comes with. */
export interface JobPart {
  readonly kind: JobKind;
  readonly requestId: number;
  readonly location: (id: string) => string;
  readonly details: object;
}

/** Orders that begin a job: it is there before the station is asked, and ends if the station cannot be. */
export class OrderJob {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run'>,
    private readonly jobs: Pick<JobStore, 'add' | 'settle'>,
    private readonly clock: Clock,
    /** Told of a job whose end could not be stored; its command has one. */
    private readonly notSettled: (id: string, error: unknown) => void,
  ) {}

  async run(order: Omit<Order, 'prepare'>, { location, ...job }: JobPart): Promise<CommandAnswer> {
    const { tenant, station, requestedBy } = order;
    const answer = await this.dispatch.run({
      ...order,
      prepare: ({ id, createdAt }) => this.jobs.add({ ...job, tenant, station, requestedBy, id, location: location(id), orderedAt: createdAt }),
    });
    await this.jobs.settle(tenant, answer.id, answer, this.clock.now()).catch((error: unknown) => this.notSettled(answer.id, error));
    return answer;
  }
}
