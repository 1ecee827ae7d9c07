import { chargingProfileInstalled, found, installChargingProfile } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readProfile, writeProfile } from './charging-profile.js';
import { toStation } from './dialect.js';

/** Has the station keep a limit over time. A profile of the same id, or of the same purpose and stack level, is replaced. */
export const setChargingProfile = toStation('SetChargingProfile', installChargingProfile).translate({
  toRequest: ({ evse, profile, transaction }) => ({ connectorId: evse, csChargingProfiles: writeProfile(profile, transaction?.number) }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ connectorId, csChargingProfiles }, { status }) => {
    if (status !== 'Accepted') return undefined;
    const transaction = csChargingProfiles.transactionId?.toString();
    return found(chargingProfileInstalled, { evse: connectorId, profile: readProfile(csChargingProfiles), transaction });
  },
});
