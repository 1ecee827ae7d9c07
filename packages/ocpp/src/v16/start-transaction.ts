import { recordTransaction, registerSample } from '@ohmnibus/domain';
import { hasZone, readTime } from '../validation.js';
import { fromStation } from './dialect.js';
import { idTagInfo } from './id-tag-info.js';

/**
 * The station opens a transaction and waits for us to number it.
 * A refused driver is an `idTagInfo` status, never a CALLERROR: the energy may already be flowing.
 */
export const startTransaction = fromStation('StartTransaction', recordTransaction).translate({
  toInput: (request, origin) => {
    const at = readTime(request.timestamp);
    return {
      kind: 'started',
      origin,
      // 1.6 sends no transaction id; these stay the same when the station repeats itself.
      transaction: { key: `${request.connectorId}@${request.timestamp}+${request.meterStart}/${request.idTag}` },
      evse: { evse: request.connectorId, connector: 1 },
      token: { value: request.idTag },
      at,
      samples: [registerSample(at, request.meterStart, 'Transaction.Begin')],
      ...(request.reservationId !== undefined && { reservationId: request.reservationId }),
      ...(!hasZone(request.timestamp) && { flags: ['no-time-zone'] as const }),
    };
  },
  toReply: (outcome) => ({ transactionId: outcome.number, idTagInfo: idTagInfo(outcome.authorization) }),
});
