import { versions } from './catalogue.js';
import { hidden } from './hidden.js';
import type { MessageSecrets, PasswordFate } from './message.js';

/** By action, of all versions: a request may be looked at before it is known what its station speaks. */
const secrets = new Map<string, Set<MessageSecrets>>();
for (const { toStation } of Object.values(versions)) {
  for (const message of toStation) {
    if (message.secrets) secrets.set(message.action, (secrets.get(message.action) ?? new Set<MessageSecrets>()).add(message.secrets));
  }
}

const everywhere = new Set([...secrets.values()].flatMap((some) => [...some]));
const of = (action: string): Iterable<MessageSecrets> => secrets.get(action) ?? [];

/** Whether exchanges of an action may hold what nobody may read. A frame without a known action may be an answer to any of them. */
export function mayHoldSecrets(action: string): boolean {
  return action === '' || secrets.has(action);
}

/** The password that a request would give its station, if any. */
export function newPasswordIn(action: string, request: unknown): string | undefined {
  for (const { newPassword } of of(action)) {
    const password = newPassword?.(request);
    if (password !== undefined) return password;
  }
  return undefined;
}

/** What a reply says of the password that its request gave the station; undefined: nothing that can be read. */
export function fateOfPassword(action: string, reply: unknown): PasswordFate | undefined {
  for (const some of of(action)) {
    const fate = some.fateOfPassword?.(reply);
    if (fate !== undefined) return fate;
  }
  return undefined;
}

/** A request as it may be kept; the same one if it holds no secrets. */
export function withoutSecrets(action: string, request: unknown): unknown {
  let kept = request;
  for (const { hideInRequest } of of(action)) kept = hideInRequest ? hideInRequest(kept) : kept;
  return kept;
}

/** A reply as it may be kept, likewise. */
export function replyWithoutSecrets(action: string, reply: unknown): unknown {
  let kept = reply;
  for (const { hideInReply } of action === '' ? everywhere : of(action)) kept = hideInReply ? hideInReply(kept) : kept;
  return kept;
}

/** The secrets that a request holds, as they are. */
export function secretsIn(action: string, request: unknown): string[] {
  return blankedBetween(request, withoutSecrets(action, request));
}

function blankedBetween(whole: unknown, kept: unknown): string[] {
  if (whole === kept) return [];
  if (typeof whole === 'string') return kept === hidden && whole.length >= shortestSecret ? [whole] : [];
  if (typeof whole !== 'object' || whole === null || typeof kept !== 'object' || kept === null) return [];
  return Object.entries(whole).flatMap(([name, value]) => blankedBetween(value, (kept as Record<string, unknown>)[name]));
}

/** What is shorter stands in ordinary words as well. */
const shortestSecret = 4;

function inAnyCase(text: string): RegExp {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`), 'gi');
}

/** An answer in which somebody quotes what is secret, as an error may that shows the value it does not like; the same one if nobody does. */
export function withoutQuotes(answer: unknown, quoted: readonly string[]): unknown {
  if (quoted.length === 0) return answer;
  if (typeof answer === 'string') return quoted.reduce((text, secret) => text.replaceAll(inAnyCase(secret), hidden), answer);
  if (typeof answer !== 'object' || answer === null) return answer;
  const entries = Object.entries(answer).map(([name, value]) => [name, value as unknown, withoutQuotes(value, quoted)] as const);
  if (entries.every(([, before, after]) => before === after)) return answer;
  return Array.isArray(answer) ? entries.map(([, , after]) => after) : Object.fromEntries(entries.map(([name, , after]) => [name, after]));
}

/**
 * A frame of an exchange that we began as it may be kept; the same bytes if it holds no secrets. Of what cannot be read nothing can be said,
 * and it is kept.
 * @param action of the exchange; empty if it is not known
 * @param request that the frame is the answer to, if it is known
 */
export function frameWithoutSecrets(action: string, frame: Buffer, request?: Buffer): Buffer {
  const parsed = elementsOf(frame);
  if (!parsed) return frame;
  const [type] = parsed;
  const at = type === 2 ? 3 : 2;
  const payload = parsed[at];
  const kept = type === 2 ? withoutSecrets(action, payload) : type === 3 ? replyWithoutSecrets(action, payload) : payload;
  const blanked = kept === payload ? parsed : parsed.with(at, kept);
  const unquoted = request ? withoutQuotes(blanked, secretsIn(action, elementsOf(request)?.[3])) : blanked;
  return unquoted === parsed ? frame : Buffer.from(JSON.stringify(unquoted));
}

function elementsOf(frame: Buffer): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(frame.toString());
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
