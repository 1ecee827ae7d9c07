import { readExchanges, type LoggedExchange, type Stretch } from '@ohmnibus/contracts';
import type { SeenFrame } from '@ohmnibus/simulator';
import type { Queryable } from './stored.js';

/** What went over one station's wire, as the station saw it. */
export interface Recording {
  readonly station: string;
  readonly frames: readonly Pick<SeenFrame, 'direction' | 'text'>[];
}

/** What the message log holds, of these stations or of all. */
export async function loggedExchanges(database: Queryable, stations: readonly string[] | null = null): Promise<LoggedExchange[]> {
  const query = 'SELECT tenant, station, protocol, epoch::float8 AS epoch, exchanges FROM message_log WHERE $1::text[] IS NULL OR station = ANY($1)';
  const { rows } = await database.query(query, [stations]);
  return (rows as Stretch[]).flatMap(readExchanges);
}

/** Says of each frame that certainly reached the other side that it is not in the message log, or not as often as it was seen. */
export async function unloggedFrames(recordings: readonly Recording[], database: Queryable): Promise<string[]> {
  const logged = new Map<string, number>();
  for (const { station, request, answer } of await loggedExchanges(database, recordings.map((recording) => recording.station))) {
    for (const frame of [request, answer]) if (frame) count(logged, `${station} ${frame.toString()}`);
  }
  return recordings.flatMap(({ station, frames }) => {
    const seen = new Map<string, number>();
    for (const { text } of frames.filter((frame) => arrived(frame, frames))) count(seen, text);
    return [...seen].filter(([text, times]) => (logged.get(`${station} ${text}`) ?? 0) < times).map(([text]) => `unlogged: ${station} ${text}`);
  });
}

/** What was received did; of what was sent only a CALL that was answered proves it. */
function arrived({ direction, text }: Recording['frames'][number], frames: Recording['frames']): boolean {
  if (direction === 'received') return true;
  const [, id] = /^\[2,("[^"]*")/.exec(text) ?? [];
  return id !== undefined && frames.some((frame) => frame.direction === 'received' && /^\[[34],/.test(frame.text) && frame.text.startsWith(`,${id},`, 2));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
