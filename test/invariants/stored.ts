import type pg from 'pg';
import { grouped } from './grouped.js';

/** Whatever runs a query. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface StoredTransaction {
  readonly station: string;
  readonly number: number;
  readonly key: string;
  readonly evse: number | null;
  readonly token: string | null;
  readonly started_at: Date | null;
  readonly start_wh: number | null;
  readonly ended_at: Date | null;
  readonly end_kind: string | null;
  readonly end_wh: number | null;
  readonly flags: readonly string[];
}

export interface StoredSample {
  readonly station: string;
  readonly at: Date;
  readonly evse: number;
  readonly transaction: number;
  readonly register_wh: number | null;
  readonly samples: readonly { readonly at: string; readonly values: readonly unknown[] }[];
}

interface StoredEvent {
  readonly station: string;
  readonly key: string;
  readonly sequence: number;
  readonly kind: string;
  readonly at: Date;
}

interface QuarantineEntry {
  readonly station: string;
  readonly operation: string;
  readonly report: {
    readonly kind?: string;
    readonly at?: string;
    readonly evse?: { readonly evse: number };
    readonly transaction?: { readonly number?: number; readonly key?: string };
    readonly samples?: readonly { readonly at: string }[];
  };
}

/** All that the database holds about the transactions of some stations. */
export class Stored {
  private readonly byNumber: Map<string, StoredTransaction>;
  private readonly byKey: Map<string, StoredTransaction>;
  private readonly events: Map<string, StoredEvent>;
  private readonly samples: Map<string, StoredSample[]>;

  private constructor(
    transactions: readonly StoredTransaction[],
    events: readonly StoredEvent[],
    samples: readonly StoredSample[],
    private readonly quarantine: readonly QuarantineEntry[],
  ) {
    this.byNumber = new Map(transactions.map((row) => [`${row.number} ${row.station}`, row]));
    this.byKey = new Map(transactions.map((row) => [`${row.key} ${row.station}`, row]));
    this.events = new Map(events.map((row) => [`${row.sequence} ${row.key} ${row.station}`, row]));
    this.samples = grouped(samples, (row) => `${row.at.getTime()} ${row.station}`);
  }

  static async of(database: Queryable, stations: readonly string[]): Promise<Stored> {
    const all = async <R>(columns: string, table: string) => (await database.query(`SELECT ${columns} FROM ${table} WHERE station = ANY($1)`, [stations])).rows as R[];
    const transaction = 'station, number, key, evse, token, started_at, start_wh, ended_at, end_kind, end_wh, flags';
    return new Stored(
      await all<StoredTransaction>(transaction, 'transaction'),
      await all<StoredEvent>('station, key, sequence, kind, at', 'transaction_event'),
      await all<StoredSample>('station, at, evse, transaction, register_wh, samples::json AS samples', 'sample'),
      await all<QuarantineEntry>('station, operation, report', 'quarantine'),
    );
  }

  transaction(station: string, number: number): StoredTransaction | undefined {
    return this.byNumber.get(`${number} ${station}`);
  }

  transactionOfKey(station: string, key: string): StoredTransaction | undefined {
    return this.byKey.get(`${key} ${station}`);
  }

  event(station: string, key: string, sequence: number): StoredEvent | undefined {
    return this.events.get(`${sequence} ${key} ${station}`);
  }

  /** Rows whose first reading is of this moment, in milliseconds. */
  samplesAt(station: string, at: number): readonly StoredSample[] {
    return this.samples.get(`${at} ${station}`) ?? [];
  }

  isQuarantined(station: string, operation: string, matches: (entry: QuarantineEntry) => boolean): boolean {
    return this.quarantine.some((entry) => entry.station === station && entry.operation === operation && matches(entry));
  }
}
