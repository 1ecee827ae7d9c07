import type { SecurityProfile } from '../security-profile.js';
import { ask } from './operation.js';

/** The station is to prove who it is by this password from now on: as text, or as the hexadecimal digits of a binary key. */
export const changePassword = ask<{ readonly password: string }>('changePassword');

/** The station is to connect with a higher security profile from its next connection on. */
export const raiseSecurityProfile = ask<{ readonly profile: SecurityProfile }>('raiseSecurityProfile');
