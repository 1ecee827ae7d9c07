import { chargingProfileAwaited, found, startCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readProfile, writeProfile } from './charging-profile.js';
import { toStation } from './dialect.js';
import { idToken, tokenOf } from './id-token.js';

/** Asks for a charge. `Accepted` is not started: the first event of the transaction repeats the `remoteStartId`. */
export const requestStartTransaction = toStation('RequestStartTransaction', startCharging).translate({
  toRequest: ({ token, evse, remoteStartId, profile }) => ({
    remoteStartId,
    evseId: evse,
    idToken: idToken(token),
    chargingProfile: profile && writeProfile(profile),
  }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ idToken: token, evseId, chargingProfile }, { status }) =>
    status === 'Accepted' && chargingProfile
      ? found(chargingProfileAwaited, { evse: evseId, token: tokenOf(token), profile: readProfile(chargingProfile) })
      : undefined,
});
