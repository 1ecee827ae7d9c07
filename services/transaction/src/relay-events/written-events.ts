import type { WrittenEvent } from '@ohmnibus/bus';
import type { EventType } from '@ohmnibus/domain';

/** A row of the outbox, which has a line for each of its events. */
export type OutboxRow = [id: string, at: Date, events: string];

/** A line of the outbox, under the id of its event. */
export interface OutboxLine {
  readonly id: string;
  readonly at: Date;
  readonly line: string;
}

/** An event as the stream gets it, and the line that it was. */
export type WaitingEvent = WrittenEvent & OutboxLine;

/** How a line begins; what follows is the body, which nobody here has to read. */
const head = /^\{"tenant":("(?:[^"\\]|\\.)*"),"station":("(?:[^"\\]|\\.)*"),"type":"([^"\\]+)",/;

/** The lines of a row, in their order. */
export function linesOf([rowId, at, events]: OutboxRow): OutboxLine[] {
  const first = Number(rowId);
  return events.split('\n').map((line, place) => ({ id: String(first + place), at, line }));
}

/** The event of a line, as the JSON of an `EventMessage`; undefined: the line is none. */
export function writtenEvent({ id, at, line }: OutboxLine): WaitingEvent | undefined {
  const [, quotedTenant, quotedStation, type] = head.exec(line) ?? [];
  const [tenant, station] = [textOf(quotedTenant), textOf(quotedStation)];
  if (tenant === undefined || station === undefined) return undefined;
  return { id, at, line, tenant, station, type: type as EventType, text: `{"id":"${id}","at":"${at.toISOString()}",${line.slice(1)}` };
}

/** Undefined: it is no JSON. */
function textOf(json: string | undefined): string | undefined {
  if (!json?.includes('\\')) return json?.slice(1, -1);
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
