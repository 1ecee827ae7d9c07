import type { Bus, Serving } from '@ohmnibus/bus';
import {
  clearChargingProfileCommand,
  compositeScheduleCommand,
  createChargingProfile,
  deleteChargingProfile,
  replaceChargingProfile,
  setChargingProfileCommand,
} from '@ohmnibus/contracts';
import type { ClearChargingProfileCommand } from '../clear-charging-profile-command/clear-charging-profile-command.js';
import type { CompositeScheduleCommand } from '../composite-schedule-command/composite-schedule-command.js';
import type { SetChargingProfileCommand } from '../set-charging-profile-command/set-charging-profile-command.js';
import type { ProfileCatalogue } from './profile-catalogue.js';

/** The questions of the bus about charging profiles. */
export class ServeChargingProfiles {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly operations: {
      readonly catalogue: ProfileCatalogue;
      readonly set: SetChargingProfileCommand;
      readonly clear: ClearChargingProfileCommand;
      readonly compositeSchedule: CompositeScheduleCommand;
    },
  ) {}

  start(): Serving[] {
    const { catalogue, set, clear, compositeSchedule } = this.operations;
    return [
      this.bus.serve(createChargingProfile, {}, ({ tenant, ...entry }) => catalogue.create(tenant, entry)),
      this.bus.serve(replaceChargingProfile, {}, ({ tenant, id, ...entry }) => catalogue.replace(tenant, id, entry)),
      this.bus.serve(deleteChargingProfile, {}, ({ tenant, id }) => catalogue.delete(tenant, id)),
      this.bus.serve(setChargingProfileCommand, {}, (order) => set.run(order)),
      this.bus.serve(clearChargingProfileCommand, {}, (order) => clear.run(order)),
      this.bus.serve(compositeScheduleCommand, {}, (order) => compositeSchedule.run(order)),
    ];
  }
}
