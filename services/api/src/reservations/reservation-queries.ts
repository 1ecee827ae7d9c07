import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, tokenKey, type ReservationState } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { Reservation, ReservationFilters } from './reservation-schemas.js';

const reservationKey = z.tuple([key.time, key.integer, key.text]);

/** Which EVSEs are, or were, held for whom. */
export class ReservationQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async list(tenant: string, { station, token, state, limit, cursor }: ReservationFilters): Promise<Page<Reservation>> {
    const after = readCursor(cursor, reservationKey);
    const rows = await this.prisma.reservation.findMany({
      where: {
        tenant,
        station,
        state,
        tokenKey: token === undefined ? undefined : tokenKey(token),
        ...(after && { AND: { requestedAt: { lte: after[0] } }, ...behind('descending', { requestedAt: after[0], id: after[1], station: after[2] }) }),
      },
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }, { station: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, (row) => [row.requestedAt, row.id, row.station], reservationOf);
  }

  /** Where several stations have one of this id, that which has an id of ours, else the newest. */
  async get(tenant: string, id: string, station?: string): Promise<Reservation> {
    const number = /^-?\d{1,10}$/.test(id) && Math.abs(Number(id)) <= 0x7fff_ffff ? Number(id) : undefined;
    const row =
      number === undefined ? null : await this.prisma.reservation.findFirst({ where: { tenant, id: number, station }, orderBy: [{ raw: 'asc' }, { requestedAt: 'desc' }] });
    if (!row) throw new Fault('not-found', `there is no reservation ${JSON.stringify(id)}`);
    return reservationOf(row);
  }
}

function reservationOf(row: Prisma.ReservationGetPayload<object>): Reservation {
  const { id, station, evse, token, tokenKind, group, status, raw, command, transaction, cancelStatus, cancelledBy } = row;
  return {
    id,
    station,
    evse,
    token,
    tokenKind,
    group,
    state: row.state as ReservationState,
    status,
    raw,
    command,
    requestedAt: iso(row.requestedAt),
    expiresAt: iso(row.expiresAt),
    endedAt: iso(row.endedAt),
    transaction: transaction === null ? null : String(transaction),
    cancelStatus,
    cancelledBy,
  };
}
