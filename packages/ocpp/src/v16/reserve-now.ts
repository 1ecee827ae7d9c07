import { found, reservationAnswered, reserveEvse } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readTime, writeTime } from '../validation.js';
import { toStation } from './dialect.js';
import { parentIdTag } from './id-tag-info.js';

const verdict = statusVerdict('Accepted');

/** Holds a connector for a driver, or with connector 0 any one of them. The station's refusals say why: occupied, faulted, unavailable. */
export const reserveNow = toStation('ReserveNow', reserveEvse).translate({
  toRequest: ({ id, evse, token, group, expiresAt }) => ({
    connectorId: evse,
    expiryDate: writeTime(expiresAt),
    idTag: token.value,
    parentIdTag: parentIdTag(group),
    reservationId: id,
  }),
  toVerdict: verdict,
  toFinding: ({ connectorId, expiryDate, idTag, parentIdTag: group, reservationId }, reply) =>
    found(reservationAnswered, {
      reservation: { id: reservationId, evse: connectorId, token: { value: idTag }, group, expiresAt: readTime(expiryDate) },
      ...verdict(reply),
    }),
});
