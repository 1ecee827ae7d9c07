import { chargingProfilesCleared, clearChargingProfiles, found } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readCriteria, writeCriteria } from './charging-profile.js';
import { toStation } from './dialect.js';

/** Has the station forget profiles. `Unknown`: it has none that fits, which tells as much of it as `Accepted` does. */
export const clearChargingProfile = toStation('ClearChargingProfile', clearChargingProfiles).translate({
  toRequest: writeCriteria,
  toVerdict: statusVerdict('Accepted'),
  toFinding: (request) => found(chargingProfilesCleared, readCriteria(request)),
});
