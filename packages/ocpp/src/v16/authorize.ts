import { authorize as mayCharge } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';
import { idTagInfo } from './id-tag-info.js';

/** A driver holds a token before the reader: may it charge? */
export const authorize = fromStation('Authorize', mayCharge).translate({
  toInput: (request, origin) => ({ origin, token: { value: request.idTag } }),
  toReply: (authorization) => ({ idTagInfo: idTagInfo(authorization) }),
});
