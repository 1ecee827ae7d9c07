import type { CommandAnswer, StartCommand as StartCommandQuestion } from '@ohmnibus/contracts';
import { Fault, startCharging, type ChargingProfile } from '@ohmnibus/domain';
import { randomInt } from 'node:crypto';
import type { ProfileCatalogue } from '../charging-profiles/profile-catalogue.js';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';

/** Starts a charge on a station of any version, with a charging profile of the catalogue if one is named. */
export class StartCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly catalogue: Pick<ProfileCatalogue, 'require'>,
  ) {}

  async run({ token, tokenKind, evse, chargingProfile, ...order }: StartCommandQuestion): Promise<CommandAnswer> {
    const content = ['start', { token, tokenKind, evse, chargingProfile }];
    let profile: ChargingProfile | undefined;
    if (chargingProfile !== undefined) {
      // The same order again is answered as before, whatever has become of the profile meanwhile.
      const known = await this.dispatch.repetition({ ...order, content });
      if (known) return known;
      profile = await this.catalogue.require(order.tenant, chargingProfile);
      if (profile.purpose !== 'TxProfile') throw new Fault('bad-value', `chargingProfile: a charge starts with a TxProfile, and ${chargingProfile} is a ${profile.purpose}`);
    }
    const input = { token: { value: token, kind: tokenKind }, evse, remoteStartId: randomInt(1, 2 ** 31), profile };
    return this.dispatch.run({ ...order, content, request: translated(startCharging, input) });
  }
}
