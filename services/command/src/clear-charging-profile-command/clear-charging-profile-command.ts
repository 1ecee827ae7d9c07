import type { ClearChargingProfileCommand as ClearQuestion, CommandAnswer } from '@ohmnibus/contracts';
import { clearChargingProfiles } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Has a station of any version forget charging profiles. */
export class ClearChargingProfileCommand {
  constructor(private readonly dispatch: Pick<Dispatch, 'run'>) {}

  run({ profile: id, evse, purpose, stackLevel, ...order }: ClearQuestion): Promise<CommandAnswer> {
    const criteria = { id, evse, purpose, stackLevel };
    return this.dispatch.run({ ...order, content: ['clear-charging-profile', criteria], request: translated(clearChargingProfiles, criteria) });
  }
}
