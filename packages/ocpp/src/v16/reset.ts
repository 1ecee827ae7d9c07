import { resetStation } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Restarts the station: `Soft` ends its transactions in order first, `Hard` does not wait (and may close the socket before it answers). */
export const reset = toStation('Reset', resetStation).translate({
  toRequest: ({ when }) => ({ type: when === 'immediately' ? 'Hard' : 'Soft' }),
  toVerdict: statusVerdict('Accepted'),
});
