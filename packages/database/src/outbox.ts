import type { DomainEvent } from '@ohmnibus/domain';

/**
 * Domain events on their way to JetStream: a row of the outbox holds those of a whole commit, or of a part of it, since a row for each costs
 * Postgres more than the event. Every event is a line of JSON, `{"tenant":…,"station":…,"type":…,"body":…}` in this order, for the relay
 * copies it without parsing it. An event's id is its row's id and its place in the row.
 */

/** The sequence of the rows' ids goes in steps of 100, so that every event has an id of its own. With this many a row stays within a page of Postgres. */
const eventsPerRow = 24;

/** An event as it is put together in a service. */
export function eventLine({ tenant, station, type, body }: Pick<DomainEvent, 'tenant' | 'station' | 'type' | 'body'>): string {
  return JSON.stringify({ tenant, station, type, body });
}

/** The same as an SQL expression, over rows that have a tenant and a station. `type` and `body` are expressions; the body is a text, of one line. */
export function eventLineOf(type: string, body: string): string {
  return `'{"tenant":' || to_json(tenant) || ',"station":' || to_json(station) || ',"type":"' || ${type} || '","body":' || ${body} || '}'`;
}

/**
 * A statement, or the last part of one, that tells events in the commit of their facts.
 * @param lines a query of one column, a line per event, in the order in which they leave
 */
export function tellLines(lines: string): string {
  // A line that is null is a defect, and refused by the column; the aggregate alone would pass over it.
  return `INSERT INTO outbox (count, events)
    SELECT count(*), CASE WHEN count(*) = count(line) THEN string_agg(line, E'\\n' ORDER BY place) END
    FROM (SELECT line, row_number() OVER () AS place FROM (${lines}) AS told (line)) AS told
    GROUP BY (place - 1) / ${eventsPerRow} ORDER BY min(place)`;
}

/** Likewise, of a query of `tenant, station, type, body`, the body being JSON. */
export function tell(events: string): string {
  // Between the tokens of JSON there may be line breaks; within them there are none.
  const line = eventLineOf('type', `translate(body::text, E'\\n\\r', '  ')`);
  return tellLines(`SELECT ${line} FROM (${events}) AS event (tenant, station, type, body)`);
}
