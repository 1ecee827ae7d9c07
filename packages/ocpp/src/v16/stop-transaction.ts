import { recordTransaction } from '@ohmnibus/domain';
import { readTime } from '../validation.js';
import { fromStation } from './dialect.js';
import { idTagInfo } from './id-tag-info.js';
import { readRegister, readSamples, sampleFlags } from './samples.js';

/**
 * The end of a transaction, by the number that we gave it; one that is not ours, such as -1, is passed on and answered all the same.
 * A token is named only if somebody presented one to stop.
 */
export const stopTransaction = fromStation('StopTransaction', recordTransaction).translate({
  toInput: (request, origin, quirks) => {
    const at = readTime(request.timestamp);
    const { transactionData = [] } = request;
    return {
      kind: 'ended',
      origin,
      transaction: { number: request.transactionId },
      token: request.idTag === undefined ? undefined : { value: request.idTag },
      at,
      // meterStop is the reading that counts, so it comes last.
      samples: [...readSamples(transactionData, quirks), readRegister(at, request.meterStop, 'Transaction.End', quirks)],
      stopReason: request.reason ?? 'Local',
      flags: sampleFlags(transactionData, request.timestamp),
    };
  },
  toReply: ({ authorization }, request) => (request.idTag === undefined ? {} : { idTagInfo: idTagInfo(authorization) }),
});
