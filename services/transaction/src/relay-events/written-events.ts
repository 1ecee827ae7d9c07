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
  const [, tenant, station, type] = head.exec(line) ?? [];
  if (tenant === undefined || station === undefined) return undefined;
  return { id, at, line, tenant: textOf(tenant), station: textOf(station), type: type as EventType, text: `{"id":"${id}","at":"${at.toISOString()}",${line.slice(1)}` };
}

function textOf(json: string): string {
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}
