import { clearCache as forgetTokens } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Has the station forget the verdicts on tokens that it remembers. */
export const clearCache = toStation('ClearCache', forgetTokens).translate({
  toRequest: () => ({}),
  toVerdict: statusVerdict('Accepted'),
});
