import type { TransactionReport } from '@ohmnibus/domain';
import { stopTransaction as v16 } from '../v16/stop-transaction.js';
import { fromStation } from './dialect.js';
import { meterValuesOf } from './samples.js';

/** 1.5 has no reasons, so that leaving them out says nothing, and puts the readings one list deeper. */
export const stopTransaction = fromStation('StopTransaction', v16, {
  request: ({ transactionData, ...request }) => ({
    ...request,
    transactionData: transactionData && meterValuesOf(transactionData.flatMap(({ values = [] }) => values)),
  }),
  input: (report: TransactionReport, { reason }) => ({ ...report, stopReason: reason }),
});
