import type { Authorization, TokenRef } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';
import type { Request } from './dialect.js';

type IdToken = Request<'Authorize'>['idToken'];

export function tokenOf(token: IdToken): TokenRef {
  return { value: token.idToken, kind: token.type };
}

/** A token of ours. One without a kind was given by an operator, so it is `Central`. */
export function idToken({ value, kind = 'Central' }: TokenRef): IdToken {
  return { idToken: value, type: kind as IdToken['type'] };
}

/** The 2.0.1 form of a verdict on a token; the expiry tells the station how long it may remember. */
export function idTokenInfo({ status, expiresAt, group }: Authorization) {
  return {
    status,
    cacheExpiryDateTime: expiresAt && writeTime(expiresAt),
    groupIdToken: group === undefined ? undefined : idToken({ value: group }),
  };
}
