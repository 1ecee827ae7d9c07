import type { Bus, Serving } from '@ohmnibus/bus';
import {
  applyTemplateCommand,
  configureCommand,
  raiseProfileCommand,
  readConfigurationCommand,
  rotatePasswordCommand,
  sendCommand,
  startCommand,
  stopCommand,
  syncLocalListCommand,
} from '@ohmnibus/contracts';
import type { ApplyTemplateCommand } from './apply-template-command/apply-template-command.js';
import type { ConfigureCommand } from './configure-command/configure-command.js';
import type { Dispatch } from './dispatch/dispatch.js';
import type { RaiseProfileCommand } from './raise-profile-command/raise-profile-command.js';
import type { ReadConfigurationCommand } from './read-configuration-command/read-configuration-command.js';
import type { RotatePasswordCommand } from './rotate-password-command/rotate-password-command.js';
import type { SendCommand } from './send-command/send-command.js';
import type { StartCommand } from './start-command/start-command.js';
import type { StopCommand } from './stop-command/stop-command.js';
import type { SyncLocalListCommand } from './sync-local-list-command/sync-local-list-command.js';

/** The questions of the bus that this service answers. `stop` waits so long for stations; what is open then ends as unknown. */
export class ServeCommands {
  constructor(
    private readonly bus: Bus,
    private readonly dispatch: Dispatch,
    private readonly operations: {
      readonly send: SendCommand;
      readonly start: StartCommand;
      readonly stop: StopCommand;
      readonly readConfiguration: ReadConfigurationCommand;
      readonly configure: ConfigureCommand;
      readonly applyTemplate: ApplyTemplateCommand;
      readonly syncLocalList: SyncLocalListCommand;
      readonly rotatePassword: RotatePasswordCommand;
      readonly raiseProfile: RaiseProfileCommand;
    },
    private readonly areas: readonly { start(): Serving[] }[],
  ) {}

  start(): { stop(graceMs: number): Promise<void> } {
    const { send, start, stop, readConfiguration, configure, applyTemplate, syncLocalList, rotatePassword, raiseProfile } = this.operations;
    const servings = [
      this.bus.serve(sendCommand, {}, (order) => send.run(order)),
      this.bus.serve(startCommand, {}, (order) => start.run(order)),
      this.bus.serve(stopCommand, {}, (order) => stop.run(order)),
      this.bus.serve(readConfigurationCommand, {}, (order) => readConfiguration.run(order)),
      this.bus.serve(configureCommand, {}, (order) => configure.run(order)),
      this.bus.serve(applyTemplateCommand, {}, (order) => applyTemplate.run(order)),
      this.bus.serve(syncLocalListCommand, {}, (order) => syncLocalList.run(order)),
      this.bus.serve(rotatePasswordCommand, {}, (order) => rotatePassword.run(order)),
      this.bus.serve(raiseProfileCommand, {}, (order) => raiseProfile.run(order)),
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
