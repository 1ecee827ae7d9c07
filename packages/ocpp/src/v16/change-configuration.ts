import { changeConfiguration as setKey, configurationChanged, found, type ChangeEffect } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

const effects: Partial<Record<string, ChangeEffect>> = { Accepted: 'now', RebootRequired: 'after-restart', NotSupported: 'not-known' };

/** Sets one configuration key. `RebootRequired`: set, and in force after a restart. */
export const changeConfiguration = toStation('ChangeConfiguration', setKey).translate({
  toRequest: ({ key, value }) => ({ key, value }),
  toVerdict: statusVerdict('Accepted', 'RebootRequired'),
  toFinding: ({ key, value }, { status }) => {
    const effect = effects[status];
    return effect && found(configurationChanged, { variable: { variable: key, value }, effect });
  },
});
