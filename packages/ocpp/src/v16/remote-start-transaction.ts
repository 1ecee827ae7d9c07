import { chargingProfileAwaited, found, startCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readProfile, writeProfile } from './charging-profile.js';
import { toStation } from './dialect.js';

/** Asks for a charge. `Accepted` is not started: the station's StartTransaction tells. A profile goes without a transactionId: there is none yet. */
export const remoteStartTransaction = toStation('RemoteStartTransaction', startCharging).translate({
  toRequest: ({ token, evse, profile }) => ({ idTag: token.value, connectorId: evse, chargingProfile: profile && writeProfile(profile) }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ idTag, connectorId, chargingProfile }, { status }) =>
    status === 'Accepted' && chargingProfile
      ? found(chargingProfileAwaited, { evse: connectorId, token: { value: idTag }, profile: readProfile(chargingProfile) })
      : undefined,
});
