import { decideAuthorization, inScope, tokenKey, type Authorization, type KnownToken } from './token.js';

/** A line of the list by which a station authorizes without asking, such as while it is offline. */
export interface LocalListEntry {
  readonly token: string;
  readonly authorization: Authorization;
}

/** What is to become of a line: without a verdict it leaves the list. */
export interface LocalListChange {
  readonly token: string;
  readonly authorization?: Authorization;
}

/** What a station can take. */
export interface LocalListRoom {
  /** Characters of the longest token or group of its protocol version. */
  readonly longestToken: number;
  /** Lines that it can keep; absent: it does not say. */
  readonly capacity?: number | undefined;
}

/** A list as it is wanted on a station, and how many tokens are not in it because they do not fit. */
export interface WantedLocalList {
  readonly entries: readonly LocalListEntry[];
  readonly leftOut: { readonly tooLong: number; readonly beyondCapacity: number };
}

/** Versions are counted in 32 bits. 0 says that the list is empty, -1 that the station keeps none: no list of ours is called so. */
export const maxLocalListVersion = 0x7fff_ffff;

/**
 * The list of a station: the tokens that may be used there, each with its verdict. Where there is no room for all, those that would be
 * refused anyway go first. In the order of the tokens.
 */
export function localListOf(tokens: readonly KnownToken[], station: string, { longestToken, capacity = Infinity }: LocalListRoom, now: Date): WantedLocalList {
  const here = tokens.filter(({ token }) => inScope(token.scope, station));
  const carried = here.filter(({ token }) => token.value.length <= longestToken);
  const entries = carried.map((known) => entryOf(known, station, longestToken, now));
  const byUse = [...entries.filter(isAccepted), ...entries.filter((entry) => !isAccepted(entry))];
  return {
    entries: byUse.slice(0, capacity).toSorted((a, b) => (tokenKey(a.token) < tokenKey(b.token) ? -1 : 1)),
    leftOut: { tooLong: here.length - carried.length, beyondCapacity: Math.max(0, carried.length - capacity) },
  };
}

function isAccepted({ authorization }: LocalListEntry): boolean {
  return authorization.status === 'Accepted';
}

/** Half of a group's name would be another group's. */
function entryOf(known: KnownToken, station: string, longestToken: number, now: Date): LocalListEntry {
  const { group, ...verdict } = decideAuthorization(known, station, undefined, now);
  return { token: known.token.value, authorization: { ...verdict, ...(group && group.length <= longestToken && { group }) } };
}

/** What turns one list into another; nothing if they are the same. */
export function localListChanges(from: readonly LocalListEntry[], to: readonly LocalListEntry[]): LocalListChange[] {
  const before = byToken(from);
  const after = byToken(to);
  const gone = from.filter(({ token }) => !after.has(tokenKey(token))).map(({ token }) => ({ token }));
  const put = to.filter(({ token, authorization }) => {
    const known = before.get(tokenKey(token));
    return !known || !sameVerdict(known.authorization, authorization);
  });
  return [...gone, ...put];
}

/** The list that the changes make of another one. */
export function changedLocalList(entries: readonly LocalListEntry[], changes: readonly LocalListChange[]): LocalListEntry[] {
  const list = byToken(entries);
  for (const { token, authorization } of changes) {
    if (authorization) list.set(tokenKey(token), { token, authorization });
    else list.delete(tokenKey(token));
  }
  return [...list.values()];
}

function byToken(entries: readonly LocalListEntry[]): Map<string, LocalListEntry> {
  return new Map(entries.map((entry) => [tokenKey(entry.token), entry]));
}

function sameVerdict(a: Authorization, b: Authorization): boolean {
  return a.status === b.status && a.expiresAt?.getTime() === b.expiresAt?.getTime() && sameGroup(a.group, b.group);
}

function sameGroup(a: string | undefined, b: string | undefined): boolean {
  return (a && tokenKey(a)) === (b && tokenKey(b));
}
