import type { Bus, Serving } from '@ohmnibus/bus';
import { triggerCommand, updateFirmwareCommand, uploadLogCommand } from '@ohmnibus/contracts';
import type { TriggerCommand } from '../trigger-command/trigger-command.js';
import type { UpdateFirmwareCommand } from '../update-firmware-command/update-firmware-command.js';
import type { UploadLogCommand } from '../upload-log-command/upload-log-command.js';

/** The questions of the bus about firmware, logs, and what a station is to tell of them. */
export class ServeMaintenance {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly operations: { readonly updateFirmware: UpdateFirmwareCommand; readonly uploadLog: UploadLogCommand; readonly trigger: TriggerCommand },
  ) {}

  start(): Serving[] {
    const { updateFirmware, uploadLog, trigger } = this.operations;
    return [
      this.bus.serve(updateFirmwareCommand, {}, (order) => updateFirmware.run(order)),
      this.bus.serve(uploadLogCommand, {}, (order) => uploadLog.run(order)),
      this.bus.serve(triggerCommand, {}, (order) => trigger.run(order)),
    ];
  }
}
