import { found, localListVersionRead, readLocalListVersion } from '@ohmnibus/domain';
import { toStation } from './dialect.js';

/** Asks which version the local list has: 0 says that it is empty, -1 that the station keeps none (5.10). There is no way to refuse. */
export const getLocalListVersion = toStation('GetLocalListVersion', readLocalListVersion).translate({
  toRequest: () => ({}),
  toVerdict: () => ({ accepted: true, status: 'Accepted' }),
  toFinding: (_, { listVersion }) => found(localListVersionRead, { version: listVersion }),
});
