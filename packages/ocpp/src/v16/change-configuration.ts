import { changeConfiguration as setKey } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Sets one configuration key. `RebootRequired`: set, and in force after a restart. */
export const changeConfiguration = toStation('ChangeConfiguration', setKey).translate({
  toRequest: ({ key, value }) => ({ key, value }),
  toVerdict: statusVerdict('Accepted', 'RebootRequired'),
});
