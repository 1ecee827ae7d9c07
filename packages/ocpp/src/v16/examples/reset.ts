import { resetStation } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { reset } from '../reset.js';

export const examples = sent(
  reset,
  resetStation,
  {
    'at once': { input: { when: 'immediately' }, request: { type: 'Hard' } },
    'in order': { input: { when: 'idle' }, request: { type: 'Soft' } },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
);
