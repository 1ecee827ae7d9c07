import type { Bus, Serving } from '@ohmnibus/bus';
import { sendCommand, startCommand, stopCommand } from '@ohmnibus/contracts';
import type { Dispatch } from './dispatch/dispatch.js';
import type { SendCommand } from './send-command/send-command.js';
import type { StartCommand } from './start-command/start-command.js';
import type { StopCommand } from './stop-command/stop-command.js';

/** The questions of the bus that this service answers. `stop` waits so long for stations; what is open then ends as unknown. */
export class ServeCommands {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly dispatch: Pick<Dispatch, 'interrupt'>,
    private readonly operations: { readonly send: SendCommand; readonly start: StartCommand; readonly stop: StopCommand },
    private readonly areas: readonly { start(): Serving[] }[],
  ) {}

  start(): { stop(graceMs: number): Promise<void> } {
    const { send, start, stop } = this.operations;
    const servings = [
      this.bus.serve(sendCommand, {}, (order) => send.run(order)),
      this.bus.serve(startCommand, {}, (order) => start.run(order)),
      this.bus.serve(stopCommand, {}, (order) => stop.run(order)),
      ...this.areas.flatMap((area) => area.start()),
    ];
    return {
      stop: async (graceMs) => {
        const grace = setTimeout(() => this.dispatch.interrupt(), graceMs);
        await Promise.all(servings.map((serving) => serving.stop()));
        clearTimeout(grace);
      },
    };
  }
}
