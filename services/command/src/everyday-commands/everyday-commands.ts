import type { Bus, Serving } from '@ohmnibus/bus';
import { availabilityCommand, clearCacheCommand, resetCommand, unlockCommand, vendorMessageCommand, type CommandAnswer } from '@ohmnibus/contracts';
import { changeAvailability, clearCache, resetStation, sendVendorMessage, unlockConnector, type Ask } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import type { Order } from '../dispatch/order.js';
import { translated } from '../dispatch/translated.js';

/** What operators ask of stations every day, in the words of no version. The answer is all that is to be known of them: nothing is kept beside the command. */
export class EverydayCommands {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly dispatch: Pick<Dispatch, 'run'>,
  ) {}

  start(): Serving[] {
    return [
      this.bus.serve(resetCommand, {}, ({ when, ...order }) => this.run(order, resetStation, { when })),
      this.bus.serve(unlockCommand, {}, ({ evse, connector, ...order }) => this.run(order, unlockConnector, { evse, connector })),
      this.bus.serve(availabilityCommand, {}, ({ operative, evse, connector = 1, ...order }) =>
        this.run(order, changeAvailability, { operative, ...(evse !== undefined && { evse: { evse, connector } }) }),
      ),
      this.bus.serve(clearCacheCommand, {}, (order) => this.run(order, clearCache, {})),
      this.bus.serve(vendorMessageCommand, {}, ({ vendor, messageId, data, ...order }) => this.run(order, sendVendorMessage, { vendor, messageId, data })),
    ];
  }

  private run<Input>(order: Omit<Order, 'content' | 'request'>, ask: Ask<Input>, input: Input): Promise<CommandAnswer> {
    return this.dispatch.run({ ...order, content: [ask.name, input], request: translated(ask, input) });
  }
}
