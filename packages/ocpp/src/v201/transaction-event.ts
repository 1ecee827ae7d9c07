import { recordTransaction, type TransactionReport } from '@ohmnibus/domain';
import { readTime, zoneFlags } from '../validation.js';
import { fromStation, type Request } from './dialect.js';
import { idTokenInfo, tokenOf } from './id-token.js';
import { readSamples } from './samples.js';

const kinds: Record<Request<'TransactionEvent'>['eventType'], TransactionReport['kind']> = {
  Started: 'started',
  Updated: 'updated',
  Ended: 'ended',
};

/** The station numbers its own transactions and events; `seqNo` sorts what arrives late. */
export const transactionEvent = fromStation('TransactionEvent', recordTransaction).translate({
  toInput: (request, origin, quirks) => {
    const { transactionInfo: info, evse, meterValue = [] } = request;
    return {
      kind: kinds[request.eventType],
      origin,
      transaction: { key: info.transactionId },
      evse: evse && { evse: evse.id, connector: evse.connectorId },
      token: request.idToken && tokenOf(request.idToken),
      at: readTime(request.timestamp),
      samples: readSamples(meterValue, quirks),
      sequence: request.seqNo,
      trigger: request.triggerReason,
      chargingState: info.chargingState,
      // The standard lets the reason be left out only where it is Local.
      stopReason: info.stoppedReason ?? (request.eventType === 'Ended' ? 'Local' : undefined),
      remoteStartId: info.remoteStartId,
      reservationId: request.reservationId,
      offline: request.offline,
      flags: zoneFlags(request.timestamp, ...meterValue.map(({ timestamp }) => timestamp)),
    };
  },
  toReply: ({ authorization }, request) => (request.idToken && authorization ? { idTokenInfo: idTokenInfo(authorization) } : {}),
});
