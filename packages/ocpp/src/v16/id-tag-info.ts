import type { Authorization } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';

/** Characters of a 1.6 token. */
export const maxIdTagLength = 20;

/** The 1.6 form of a verdict on a token. The field is mandatory in StartTransaction, so a missing verdict is `Invalid`. */
export function idTagInfo(authorization: Authorization | undefined) {
  const { status = 'Invalid', expiresAt, group } = authorization ?? {};
  // 1.6 has no word for a token that is good elsewhere: `Invalid` would say that nobody knows it.
  const word = status === 'NotAtThisLocation' ? ('Blocked' as const) : status;
  return { status: word, expiryDate: expiresAt && writeTime(expiresAt), parentIdTag: parentIdTag(group) };
}

/** The 1.6 form of a group. A longer one cannot be a 1.6 token, and half of its name would be another group's. */
export function parentIdTag(group: string | undefined): string | undefined {
  return group && group.length <= maxIdTagLength ? group : undefined;
}
