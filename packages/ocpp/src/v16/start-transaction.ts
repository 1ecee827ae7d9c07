import { recordTransaction } from '@ohmnibus/domain';
import { readTime, zoneFlags } from '../validation.js';
import { fromStation } from './dialect.js';
import { evseOf } from './evse.js';
import { idTagInfo } from './id-tag-info.js';
import { readRegister } from './samples.js';

/**
 * The station opens a transaction and waits for us to number it.
 * A refused driver is an `idTagInfo` status, never a CALLERROR: the energy may already be flowing.
 */
export const startTransaction = fromStation('StartTransaction', recordTransaction).translate({
  toInput: (request, origin, quirks) => {
    const at = readTime(request.timestamp);
    return {
      kind: 'started',
      origin,
      // 1.6 sends no transaction id; these stay the same when the station repeats itself.
      transaction: { key: `${request.connectorId}@${request.timestamp}+${request.meterStart}/${request.idTag}` },
      evse: evseOf(request.connectorId),
      token: { value: request.idTag },
      at,
      samples: [readRegister(at, request.meterStart, 'Transaction.Begin', quirks)],
      reservationId: request.reservationId,
      flags: zoneFlags(request.timestamp),
    };
  },
  toReply: ({ number, authorization }) => ({ transactionId: number, idTagInfo: idTagInfo(authorization) }),
});
