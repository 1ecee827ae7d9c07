import { changeConfiguration as setKey, changePassword as setPassword, configurationChanged, found, raiseSecurityProfile as raiseProfile, type ChangeEffect } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';
import { hexKey } from './hex-key.js';
import { keySecrets } from './key-secrets.js';

const effects: Partial<Record<string, ChangeEffect>> = { Accepted: 'now', RebootRequired: 'after-restart', NotSupported: 'not-known' };

const answer = {
  toVerdict: statusVerdict('Accepted', 'RebootRequired'),
  toFinding: ({ key, value }: { key: string; value: string }, { status }: { status: string }) => {
    const effect = effects[status];
    return effect && found(configurationChanged, { variable: { variable: key, value }, effect });
  },
  secrets: keySecrets,
};

/** Gives the station a new password (whitepaper A01). */
export const changePassword = toStation('ChangeConfiguration', setPassword).translate({
  toRequest: ({ password }) => ({ key: 'AuthorizationKey', value: hexKey(password) }),
  ...answer,
});

/** Has the station connect with a higher security profile (whitepaper A05, TC_083). */
export const raiseSecurityProfile = toStation('ChangeConfiguration', raiseProfile).translate({
  toRequest: ({ profile }) => ({ key: 'SecurityProfile', value: String(profile) }),
  ...answer,
});

/** Sets one configuration key. `RebootRequired`: set, and in force after a restart. */
export const changeConfiguration = toStation('ChangeConfiguration', setKey).translate({
  toRequest: ({ key, value }) => ({ key, value }),
  ...answer,
});
