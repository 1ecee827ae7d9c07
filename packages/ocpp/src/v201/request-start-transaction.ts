import { startCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';
import { idToken } from './id-token.js';

/** Asks for a charge. `Accepted` is not started: the first event of the transaction repeats the `remoteStartId`. */
export const requestStartTransaction = toStation('RequestStartTransaction', startCharging).translate({
  toRequest: ({ token, evse, remoteStartId }) => ({ remoteStartId, evseId: evse, idToken: idToken(token) }),
  toVerdict: statusVerdict('Accepted'),
});
