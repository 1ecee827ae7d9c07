const dayMs = 24 * 60 * 60 * 1000;

/** A station may report after months without a connection; its clock has no reason to be ahead of ours, save for a zone it does not tell. */
const behindMs = 366 * dayMs;
const aheadMs = dayMs;

/** Whether only a wrong clock gives such a time, as in 1970 or 2036. It is a remark for an operator, never a reason to refuse. */
export function implausibleClock(at: Date, receivedAt: Date): boolean {
  const aheadOfUs = at.getTime() - receivedAt.getTime();
  return aheadOfUs > aheadMs || aheadOfUs < -behindMs;
}
