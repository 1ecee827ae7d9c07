import type { StationRef } from '@ohmnibus/domain';
import type { Database, Statement } from '@ohmnibus/database';

/** What only we or an operator say has ended may still be charging: it can be stopped. */
const isOver = `ended_at IS NOT NULL AND coalesce(end_kind NOT IN ('inferred', 'closed'), true)`;

const byNumber: Statement = {
  name: 'command-transaction-by-number',
  text: `SELECT number, wire_id, ${isOver}, evse FROM transaction WHERE number = $3 AND tenant = $1 AND station = $2`,
};

const byWireId: Statement = {
  name: 'command-transaction-by-wire-id',
  text: `SELECT number, wire_id, ${isOver}, evse FROM transaction WHERE tenant = $1 AND station = $2 AND wire_id = $3
    ORDER BY number DESC LIMIT 1`,
};

const openAtEvse: Statement = {
  name: 'command-transaction-open-at-evse',
  text: `SELECT number, wire_id, false, evse FROM transaction WHERE tenant = $1 AND station = $2 AND evse = $3 AND ended_at IS NULL
    ORDER BY number DESC LIMIT 1`,
};

export interface FoundTransaction {
  readonly number: number;
  readonly wireId: string;
  readonly ended: boolean;
  /** Undefined as long as the station has not said. */
  readonly evse: number | undefined;
}

/** Finds a transaction of a station by either of its names. */
export class TransactionLookup {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** @param name our number, or the id on the wire; where both fit, the number */
  async find({ tenant, station }: StationRef, name: string): Promise<FoundTransaction | undefined> {
    return (isNumber(name) ? await this.first(byNumber, [tenant, station, Number(name)]) : undefined) ?? (await this.first(byWireId, [tenant, station, name]));
  }

  /** The newest that is open on an EVSE. */
  openAt({ tenant, station }: StationRef, evse: number): Promise<FoundTransaction | undefined> {
    return this.first(openAtEvse, [tenant, station, evse]);
  }

  private async first(statement: Statement, values: readonly unknown[]): Promise<FoundTransaction | undefined> {
    const [row] = await this.database.run<[number: number, wireId: string, ended: boolean, evse: number | null]>(statement, values);
    return row && { number: row[0], wireId: row[1], ended: row[2], evse: row[3] ?? undefined };
  }
}

function isNumber(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 0x7fff_ffff;
}
