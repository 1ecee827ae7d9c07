import type { Authorization } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';

/** The 1.6 form of a verdict on a token. The field is mandatory in StartTransaction, so a missing verdict is `Invalid`. */
export function idTagInfo(authorization: Authorization | undefined) {
  return {
    status: authorization?.status ?? ('Invalid' as const),
    ...(authorization?.expiresAt && { expiryDate: writeTime(authorization.expiresAt) }),
    ...(authorization?.group && { parentIdTag: authorization.group }),
  };
}
