import { authorize as mayCharge } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';
import { idTokenInfo, tokenOf } from './id-token.js';

/** A driver presents a token: may it charge? Contract certificates are not looked at. */
export const authorize = fromStation('Authorize', mayCharge).translate({
  toInput: (request, origin) => ({ origin, token: tokenOf(request.idToken) }),
  toReply: (authorization) => ({ idTokenInfo: idTokenInfo(authorization) }),
});
