import { versions } from './catalogue.js';
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

/**
 * A frame of an exchange that we began as it may be kept; the same bytes if it holds no secrets. Of what cannot be read nothing can be said,
 * and it is kept.
 * @param action of the exchange; empty if it is not known
 */
export function frameWithoutSecrets(action: string, frame: Buffer): Buffer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame.toString());
  } catch {
    return frame;
  }
  if (!Array.isArray(parsed)) return frame;
  const [type] = parsed as unknown[];
  const at = type === 2 ? 3 : 2;
  const payload: unknown = parsed[at];
  const kept = type === 2 ? withoutSecrets(action, payload) : type === 3 ? replyWithoutSecrets(action, payload) : payload;
  return kept === payload ? frame : Buffer.from(JSON.stringify(parsed.with(at, kept)));
}
