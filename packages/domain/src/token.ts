/** What a driver identifies with. The value is compared without regard to case. */
export interface TokenRef {
  readonly value: string;
  /** OCPP 2 type such as `ISO14443` or `eMAID`; absent where the protocol does not say (1.6). */
  readonly kind?: string;
}

export const tokenStatuses = ['Accepted', 'Blocked'] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

/** Where a token may be used: at these stations, and at all whose id begins with one of these prefixes. Ids are compared as they are spelt. */
export interface TokenScope {
  readonly stations: readonly string[];
  readonly prefixes: readonly string[];
}

/** A token as the operator keeps it. */
export interface Token {
  readonly value: string;
  readonly status: TokenStatus;
  readonly expiresAt?: Date;
  /** Tokens of one group may stop each other's transactions (1.6 parentIdTag, 2.x groupIdToken). Compared without regard to case. */
  readonly group?: string;
  /** Absent: it may be used everywhere. */
  readonly scope?: TokenScope;
  /** How many transactions it may have open at once; absent: any number. */
  readonly maxTransactions?: number;
}

/** What holds for all tokens of a group, beside what holds for each of them. A group that nobody describes allows everything. */
export interface TokenGroup {
  readonly name: string;
  readonly status: TokenStatus;
  /** How many transactions its tokens may have open at once, all together; absent: any number. */
  readonly maxTransactions?: number;
}

/** A token as it is known when somebody presents it. */
export interface KnownToken {
  readonly token: Token;
  readonly group?: TokenGroup;
}

/** Open transactions besides the one that is asked about: those on its own connector do not count. */
export interface OpenTransactions {
  readonly ofToken: number;
  readonly ofGroup: number;
}

/** How many a token may have open at once unless the operator says otherwise. */
export const defaultMaxTransactions = 1;

/** The verdict on a token, in the words of OCPP 2. */
export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'NotAtThisLocation' | 'ConcurrentTx';

export interface Authorization {
  readonly status: AuthorizationStatus;
  readonly expiresAt?: Date;
  readonly group?: string;
}

/** The form under which tokens and groups are compared and stored. */
export function tokenKey(value: string): string {
  return value.toLowerCase();
}

/** Whether a token of this scope may be used at a station. */
export function inScope(scope: TokenScope | undefined, station: string): boolean {
  return !scope || scope.stations.includes(station) || scope.prefixes.some((prefix) => station.startsWith(prefix));
}

/**
 * The rule of authorization, the same for every protocol version.
 * @param known what the operator keeps under the presented value, if anything
 * @param station where it is presented
 * @param open what else it and its group have open; undefined where no transaction begins, so that it does not matter
 */
export function decideAuthorization(known: KnownToken | undefined, station: string, open: OpenTransactions | undefined, now: Date): Authorization {
  if (!known) return { status: 'Invalid' };
  const { token, group } = known;
  const facts = { ...(token.expiresAt && { expiresAt: token.expiresAt }), ...(token.group && { group: token.group }) };
  if (token.status === 'Blocked' || group?.status === 'Blocked') return { status: 'Blocked', ...facts };
  if (token.expiresAt && token.expiresAt <= now) return { status: 'Expired', ...facts };
  if (!inScope(token.scope, station)) return { status: 'NotAtThisLocation', ...facts };
  if (open && (reached(token.maxTransactions, open.ofToken) || reached(group?.maxTransactions, open.ofGroup))) return { status: 'ConcurrentTx', ...facts };
  return { status: 'Accepted', ...facts };
}

function reached(limit: number | undefined, open: number): boolean {
  return limit !== undefined && open >= limit;
}
