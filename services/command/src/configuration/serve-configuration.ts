import type { Bus, Serving } from '@ohmnibus/bus';
import { applyTemplateCommand, configureCommand, readConfigurationCommand } from '@ohmnibus/contracts';
import type { ApplyTemplateCommand } from '../apply-template-command/apply-template-command.js';
import type { ConfigureCommand } from '../configure-command/configure-command.js';
import type { ReadConfigurationCommand } from '../read-configuration-command/read-configuration-command.js';

/** The questions of the bus about the configuration of stations. */
export class ServeConfiguration {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly operations: { readonly read: ReadConfigurationCommand; readonly configure: ConfigureCommand; readonly applyTemplate: ApplyTemplateCommand },
  ) {}

  start(): Serving[] {
    const { read, configure, applyTemplate } = this.operations;
    return [
      this.bus.serve(readConfigurationCommand, {}, (order) => read.run(order)),
      this.bus.serve(configureCommand, {}, (order) => configure.run(order)),
      this.bus.serve(applyTemplateCommand, {}, (order) => applyTemplate.run(order)),
    ];
  }
}
