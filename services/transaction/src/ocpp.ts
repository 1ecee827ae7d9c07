import { authorize, recordSamples, recordTransaction } from '@ohmnibus/domain';
import { Operations } from '@ohmnibus/ocpp';
import type { Authorizer } from './authorize/authorizer.js';
import type { TellClocks } from './measure-clocks/tell-clocks.js';
import type { RecordSamples } from './record-samples/record-samples.js';
import type { RecordTransaction } from './record-transaction/record-transaction.js';

/** What this service does for stations, whatever version they speak. */
export function stationOperations(parts: { authorizer: Authorizer; transactions: RecordTransaction; samples: RecordSamples; clocks: Pick<TellClocks, 'note'> }): Operations {
  return new Operations()
    .serve(authorize, (request) => parts.authorizer.run(request))
    .serve(recordTransaction, (report) => {
      parts.clocks.note(report);
      return parts.transactions.run(report);
    })
    .serve(recordSamples, (report) => parts.samples.run(report));
}
