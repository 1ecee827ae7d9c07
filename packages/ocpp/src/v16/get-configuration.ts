import { readConfiguration } from '@ohmnibus/domain';
import { toStation } from './dialect.js';

/** Reads configuration keys, all of them if none is named. There is no way to refuse. */
export const getConfiguration = toStation('GetConfiguration', readConfiguration).translate({
  toRequest: ({ keys }) => ({ key: keys && [...keys] }),
  toVerdict: () => ({ accepted: true, status: 'Accepted' }),
});
