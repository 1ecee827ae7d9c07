/** A domain event that waits for the relay. */
export interface WaitingEvent {
  readonly tenant: string;
  readonly station: string;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

/** As much of a `Database` as it takes to read. */
interface Readable {
  run<Row extends unknown[]>(statement: { readonly name: string; readonly text: string }, values: readonly unknown[]): Promise<Row[]>;
}

const read = { name: 'read-outbox', text: 'SELECT count, events FROM outbox ORDER BY id' };

/** The events of the outbox in their order: all of them, or those of a station or type. */
export async function waitingEvents(database: Readable, only: Partial<Pick<WaitingEvent, 'station' | 'type'>> = {}): Promise<WaitingEvent[]> {
  const rows = await database.run<[count: number, events: string]>(read, []);
  const events = rows.flatMap(([count, lines]) => {
    const found = lines.split('\n').map((line) => JSON.parse(line) as WaitingEvent);
    if (found.length !== count) throw new Error(`a row of the outbox has ${found.length} events and says ${count}`);
    return found;
  });
  return events.filter(({ station, type }) => (only.station ?? station) === station && (only.type ?? type) === type);
}
