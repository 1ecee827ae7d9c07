import { stopCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Asks for the end of a charge. `Accepted` is not stopped: the station's StopTransaction tells. */
export const remoteStopTransaction = toStation('RemoteStopTransaction', stopCharging).translate({
  toRequest: ({ transaction }) => ({ transactionId: transaction.number }),
  toVerdict: statusVerdict('Accepted'),
});
