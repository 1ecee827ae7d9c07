import type { CommandResult } from '@ohmnibus/contracts';
import type { NewCommand } from './command-store.js';
import { End } from './end.js';
import type { Outcome } from './outcome.js';

type Begun = [id: string, tenant: string, station: string, action: string, payload: string, requestedBy: string | null, createdAt: number, deadline: number];
type Ended = [id: string, state: Outcome['state'], result: string, at: number];

/** What the journal says of a command that is about to be sent. Without its idempotency key: one that has a key is never noted. */
export function noteOf({ id, tenant, station, action, payload, requestedBy, createdAt, deadline }: NewCommand): string {
  return JSON.stringify([id, tenant, station, action, payload, requestedBy, createdAt.getTime(), deadline.getTime()]);
}

/** What is added to it when the command has ended. Throws a Fault if its result cannot be written. */
export function endNoteOf({ id }: NewCommand, { state, text, at }: End): string {
  return JSON.stringify([id, state, text, at.getTime()] satisfies Ended);
}

/** The commands of a page, with their ends as far as they are known. */
export function readNotes(notes: readonly string[]): { readonly command: NewCommand; readonly end: End | undefined }[] {
  const all = notes.map((note) => JSON.parse(note) as Begun | Ended);
  const ends = new Map(all.filter(isEnd).map(([id, state, result, at]) => [id, new End(state, JSON.parse(result) as CommandResult, new Date(at))]));
  return all
    .filter((note) => !isEnd(note))
    .map(([id, tenant, station, action, payload, requestedBy, createdAt, deadline]) => ({
      command: { id, tenant, station, action, payload, idempotencyKey: undefined, requestedBy: requestedBy ?? undefined, createdAt: new Date(createdAt), deadline: new Date(deadline) },
      end: ends.get(id),
    }));
}

function isEnd(note: Begun | Ended): note is Ended {
  return note.length === 4;
}
