/** What a driver identifies with. The value is compared without regard to case. */
export interface TokenRef {
  readonly value: string;
  /** OCPP 2 type such as `ISO14443` or `eMAID`; absent where the protocol does not say (1.6). */
  readonly kind?: string;
}

export const tokenStatuses = ['Accepted', 'Blocked'] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

/** A token as the operator keeps it. */
export interface Token {
  readonly value: string;
  readonly status: TokenStatus;
  readonly expiresAt?: Date;
  /** Tokens of one group may stop each other's transactions (1.6 parentIdTag, 2.x groupIdToken). */
  readonly group?: string;
}

/** The verdict on a token, in the words of OCPP 2. */
export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';

export interface Authorization {
  readonly status: AuthorizationStatus;
  readonly expiresAt?: Date;
  readonly group?: string;
}

/** The form under which tokens are compared and stored. */
export function tokenKey(value: string): string {
  return value.toLowerCase();
}

/**
 * The rule of authorization, the same for every protocol version.
 * @param token what the operator keeps under the presented value, if anything
 * @param charging whether the token has an open transaction on another connector
 */
export function decideAuthorization(token: Token | undefined, charging: boolean, now: Date): Authorization {
  if (!token) return { status: 'Invalid' };
  const facts = { ...(token.expiresAt && { expiresAt: token.expiresAt }), ...(token.group && { group: token.group }) };
  if (token.status === 'Blocked') return { status: 'Blocked', ...facts };
  if (token.expiresAt && token.expiresAt <= now) return { status: 'Expired', ...facts };
  if (charging) return { status: 'ConcurrentTx', ...facts };
  return { status: 'Accepted', ...facts };
}
