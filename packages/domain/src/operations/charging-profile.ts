import type { ChargingProfile, ChargingProfileCriteria, ChargingRateUnit, CompositeSchedule } from '../charging-profile.js';
import type { TokenRef } from '../token.js';
import { finding } from './finding.js';
import { ask } from './operation.js';

/** Has the station keep a profile on an EVSE; 0 is the station as a whole. */
export const installChargingProfile = ask<{
  readonly evse: number;
  readonly profile: ChargingProfile;
  /** Of a TxProfile. */
  readonly transaction?: { readonly number: number; readonly wireId: string };
}>('installChargingProfile');

export const clearChargingProfiles = ask<ChargingProfileCriteria>('clearChargingProfiles');

/** What limits result from all profiles, from now on for so many seconds. */
export const readCompositeSchedule = ask<{ readonly evse: number; readonly duration: number; readonly unit?: ChargingRateUnit }>('readCompositeSchedule');

export interface InstalledProfile {
  readonly evse: number;
  readonly profile: ChargingProfile;
  /** Of a TxProfile, as the station knows its transaction; absent: the one that is open on the EVSE. */
  readonly transaction?: string;
}

/** The station keeps this profile from now on. */
export const chargingProfileInstalled = finding<InstalledProfile>('chargingProfileInstalled');

export interface AwaitedProfile {
  /** Absent: the station chooses. */
  readonly evse?: number;
  readonly token: TokenRef;
  readonly profile: ChargingProfile;
}

/** The station has accepted a remote start with a profile, which it keeps as soon as the transaction begins. */
export const chargingProfileAwaited = finding<AwaitedProfile>('chargingProfileAwaited');

/** The station keeps no such profile any more, or never did. */
export const chargingProfilesCleared = finding<ChargingProfileCriteria>('chargingProfilesCleared');

export const compositeScheduleRead = finding<CompositeSchedule>('compositeScheduleRead');
