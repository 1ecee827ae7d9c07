import type { CommandAnswer, RaiseProfileCommand as RaiseProfileQuestion } from '@ohmnibus/contracts';
import { Fault, raiseSecurityProfile, requiredProfile, resetStation } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { ProfileLookup } from './profile-lookup.js';

/**
 * Has a station connect with a higher security profile. Until it has done so it may still come with the present one, in case the higher one
 * does not work for it; once it has, it may not any more. There is no way back by command: that a station falls to a lower profile is
 * decided where its connection is judged, not by the station.
 */
export class RaiseProfileCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly profiles: ProfileLookup,
  ) {}

  async run({ profile, restart, ...order }: RaiseProfileQuestion): Promise<CommandAnswer> {
    const found = await this.profiles.find(order);
    if (!found) throw new Fault('not-found', `there is no station ${JSON.stringify(order.station)}`);
    const content = ['raise-profile', profile];
    const present = requiredProfile(found.set, found.hasPassword, 0);
    if (profile <= present) {
      // The same order again is answered as before, even though the station has risen meanwhile.
      const known = await this.dispatch.repetition({ ...order, content });
      if (known) return known;
      throw new Fault('conflict', `the station's security profile is ${present} already, and a station is not asked for a lower one`);
    }
    if (profile < 3 && !found.hasPassword) throw new Fault('conflict', `security profile ${profile} asks for a password, and the station has none: give it one first`);
    const answer = await this.dispatch.run({ ...order, content, request: translated(raiseSecurityProfile, { profile }) });
    if (restart && answer.state === 'accepted') await this.restart(order);
    return answer;
  }

  /** Many stations connect anew only when they start anew. How that ended is a command of its own. */
  private async restart(order: Omit<RaiseProfileQuestion, 'profile' | 'restart'>): Promise<void> {
    const idempotencyKey = order.idempotencyKey && `${order.idempotencyKey}/restart`;
    await this.dispatch.run({ ...order, idempotencyKey, content: ['raise-profile', 'restart'], request: translated(resetStation, { when: 'idle' }) });
  }
}
