import { stopCharging } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Asks for the end of a charge, by the station's own id. `Accepted` is not stopped: the event that ends the transaction tells. */
export const requestStopTransaction = toStation('RequestStopTransaction', stopCharging).translate({
  toRequest: ({ transaction }) => ({ transactionId: transaction.wireId }),
  toVerdict: statusVerdict('Accepted'),
});
