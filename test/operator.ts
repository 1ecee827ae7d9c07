import { Bus, subjectOf } from '@ohmnibus/bus';
import { eventStream, putStation, putToken, sendCommand, startCommand, stopCommand, type CommandAnswer, type EventMessage } from '@ohmnibus/contracts';
import pg from 'pg';
import { loggedExchanges } from './invariants/logged-frames.js';
import type { System } from './system.js';

type Row = Record<string, unknown>;

/** Tables that change a while after what is told of there: messages, events on their way, gateways that were heard of, clocks that were measured. */
export const belatedTables = ['message_log', 'outbox', 'gateway_pod', 'station_clock'] as const;

/** The operator of a system under test: registers stations and tokens, commands stations over NATS, and looks into the database. */
export class Operator {
  private constructor(
    readonly bus: Bus,
    readonly database: pg.Pool,
  ) {}

  static async of({ kit }: Pick<System, 'kit'>): Promise<Operator> {
    const database = new pg.Pool({ connectionString: kit.databaseUrl, max: 4 });
    // A server that a test takes away cuts connections that nobody uses.
    database.on('error', () => undefined);
    return new Operator(await Bus.connect({ url: kit.natsUrl, name: 'operator' }), database);
  }

  async knows(...stations: string[]): Promise<void> {
    await Promise.all(stations.map((station) => this.bus.ask(putStation, {}, { tenant: 'default', station })));
  }

  async knowsWithPassword(station: string, password: string): Promise<void> {
    await this.bus.ask(putStation, {}, { tenant: 'default', station, password });
  }

  async accepts(...tokens: string[]): Promise<void> {
    const accepted = { tenant: 'default', status: 'Accepted', expiresAt: null, group: null } as const;
    await Promise.all(tokens.map((token) => this.bus.ask(putToken, {}, { ...accepted, token })));
  }

  send(station: string, action: string, payload: Record<string, unknown>, timeoutSeconds = 10): Promise<CommandAnswer> {
    return this.bus.ask(sendCommand, {}, { tenant: 'default', station, action, payload, timeoutSeconds });
  }

  start(station: string, token: string, evse?: number): Promise<CommandAnswer> {
    return this.bus.ask(startCommand, {}, { tenant: 'default', station, token, evse, timeoutSeconds: 10 });
  }

  stop(station: string, transaction: string): Promise<CommandAnswer> {
    return this.bus.ask(stopCommand, {}, { tenant: 'default', station, transaction, timeoutSeconds: 10 });
  }

  /** The last event of this type about a station that is on the stream; undefined if there is none. */
  async lastEvent(type: EventMessage['type'], station: string): Promise<EventMessage | undefined> {
    const { streams } = await this.bus.connection.jetstreamManager();
    const stored = await streams.getMessage(eventStream.name, { last_by_subj: subjectOf({ tenant: 'default', type, station }) }).catch(() => undefined);
    return stored?.json<EventMessage>();
  }

  async rows<R extends Row = Row>(sql: string, ...values: unknown[]): Promise<R[]> {
    return (await this.database.query<R>(sql, values)).rows;
  }

  /** All frames of the message log, of these stations or of all, a line each. */
  async loggedText(...stations: string[]): Promise<string> {
    const exchanges = await loggedExchanges(this.database, stations.length > 0 ? stations : null);
    return exchanges.flatMap(({ request, answer }) => [request, answer ?? '']).join('\n');
  }

  /** How many rows each table holds, but for the tables named. */
  async rowCounts(...except: string[]): Promise<Record<string, number>> {
    const tables = await this.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables.filter((table) => !except.includes(table.name))) {
      counts[name] = Number((await this.rows<{ count: string }>(`SELECT count(*) FROM "${name}"`))[0]!.count);
    }
    return counts;
  }

  async close(): Promise<void> {
    await Promise.all([this.bus.close(), this.database.end()]);
  }
}
