import { chargingProfileAwaited, chargingProfileInstalled, chargingProfilesCleared } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { InstalledProfileStore } from './installed-profile-store.js';

/** Which charging profiles stations keep, by their answers, whichever way they were asked. */
export function learnChargingProfiles(findings: Findings, store: InstalledProfileStore): Findings {
  return findings
    .learn(chargingProfileInstalled, (circumstance, installed) => store.learnInstalled(circumstance, installed))
    .learn(chargingProfileAwaited, (circumstance, awaited) => store.learnAwaited(circumstance, awaited))
    .learn(chargingProfilesCleared, (circumstance, criteria) => store.learnCleared(circumstance, criteria));
}
