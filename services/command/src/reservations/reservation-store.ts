import type { Database } from '@ohmnibus/database';
import { Fault, tokenKey, type CancellationAnswer, type ReservationAnswer, type ReservationState, type StationRef, type TokenRef } from '@ohmnibus/domain';
import type { Circumstance } from '../findings/findings.js';
import * as statements from './reservation-statements.js';

/** A reservation that a station is about to be asked for. */
export interface NewReservation extends StationRef {
  readonly command: string;
  readonly evse: number;
  readonly token: TokenRef;
  /** Undefined: the token's own. */
  readonly group: string | null | undefined;
  readonly expiresAt: Date;
  readonly requestedAt: Date;
  /** Of the command. */
  readonly deadline: Date;
}

/** What a row has beyond what was asked for. */
export interface Requested {
  readonly id: number;
  readonly group: string | undefined;
}

/** Ids that raw callers have taken, in a row; more than these are no chance. */
const maxTaken = 1_000;
/** How long after its command's deadline a reservation waits for the answer to be learnt. */
const learnGraceMs = 15_000;
/** How long a station may have been offline before it tells of a start with a reservation that is over. */
const lateUseMs = 86_400_000;

/** Reservations in Postgres. Each change of state and the event that tells of it are one commit. */
export class ReservationStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Writes it as requested; the same command again gets the first one's. */
  async request(reservation: NewReservation): Promise<Requested> {
    const { tenant, station, command, evse, token, group, expiresAt, requestedAt, deadline } = reservation;
    const values = [tenant, station, evse, token.value, tokenKey(token.value), token.kind, group, group === undefined, command, requestedAt, deadline, expiresAt];
    for (let taken = 0; taken < maxTaken; taken++) {
      const [row] = await this.database.run<[number, string | null]>(statements.insertRequested, values);
      const written = row ? { id: row[0], group: row[1] ?? undefined } : await this.ofCommand(tenant, command);
      if (written) return written;
    }
    throw new Fault('unavailable', 'no free number for a reservation was found');
  }

  async ofCommand(tenant: string, command: string): Promise<Requested | undefined> {
    const [row] = await this.database.run<[number, string | null]>(statements.findByCommand, [tenant, command]);
    return row && { id: row[0], group: row[1] ?? undefined };
  }

  async stateOf({ tenant, station }: StationRef, id: number): Promise<ReservationState | undefined> {
    const [row] = await this.database.run<[ReservationState]>(statements.findById, [tenant, station, id]);
    return row?.[0];
  }

  /** Takes back a request whose command was never stored; changes nothing if it was. */
  async withdraw(tenant: string, command: string): Promise<void> {
    await this.database.run(statements.withdraw, [tenant, command]);
  }

  /** The command has ended without a word of the station's on the reservation. */
  async endUnanswered(tenant: string, command: string, end: { readonly state: 'failed' | 'unknown'; readonly reason: string | undefined; readonly at: Date }): Promise<void> {
    await this.database.run(statements.endUnanswered, [tenant, command, end.state, end.reason, end.at]);
  }

  async learnAnswer({ tenant, station, command, at }: Circumstance, { reservation, accepted, status }: ReservationAnswer): Promise<void> {
    const { id, evse, token, group, expiresAt } = reservation;
    const values = [tenant, station, id, evse, token.value, tokenKey(token.value), token.kind, group, command, accepted, status, at, expiresAt];
    await this.database.run(statements.learnAnswer, values);
  }

  async learnCancellation({ tenant, station, at }: Circumstance, { id, accepted, status }: CancellationAnswer): Promise<void> {
    if (accepted) await this.database.run(statements.learnCancelled, [tenant, station, id, status, at]);
    else await this.database.run(statements.learnNotCancelled, [tenant, station, id, status]);
  }

  /** Brings all open reservations to where time and transactions have brought them. */
  async settle(now: Date): Promise<void> {
    await this.database.run(statements.endAbandoned, [new Date(now.getTime() - learnGraceMs)]);
    await this.database.run(statements.useNamed, [new Date(now.getTime() - lateUseMs), now]);
    await this.database.run(statements.useFitting, [now]);
    await this.database.run(statements.letGo, []);
    await this.database.run(statements.expire, [now]);
  }
}
