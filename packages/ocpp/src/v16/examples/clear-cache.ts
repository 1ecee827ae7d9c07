import { clearCache as forgetTokens } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { clearCache } from '../clear-cache.js';

export const examples = sent(
  clearCache,
  forgetTokens,
  { 'nothing to say': { input: {}, request: {} } },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
);
