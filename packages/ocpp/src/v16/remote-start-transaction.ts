import { startCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Asks for a charge. `Accepted` is not started: the station's StartTransaction tells. */
export const remoteStartTransaction = toStation('RemoteStartTransaction', startCharging).translate({
  toRequest: ({ token, evse }) => ({ idTag: token.value, connectorId: evse }),
  toVerdict: statusVerdict('Accepted'),
});
