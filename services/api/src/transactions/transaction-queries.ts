import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, tokenKey, type EndKind } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { EventView, Paging, SampleView, Transaction, TransactionFilters } from './transaction-schemas.js';

const numberKey = z.tuple([key.integer]);
const sampleKey = z.tuple([key.time, key.integer, key.digits]);

/** What energy went to whom. */
export class TransactionQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest number first. */
  async list(tenant: string, { station, token, open, flag, endKind, from, to, limit, cursor }: TransactionFilters): Promise<Page<Transaction>> {
    const after = readCursor(cursor, numberKey);
    const period = { gte: from, lt: to };
    const rows = await this.prisma.transaction.findMany({
      where: {
        tenant,
        station,
        tokenKey: token === undefined ? undefined : tokenKey(token),
        endedAt: open === undefined ? undefined : open ? null : { not: null },
        number: { lt: after?.[0] },
        endKind,
        ...(flag !== undefined && { flags: { has: flag } }),
        // Where the start was not seen, the latest that was has to do.
        ...((from ?? to) && { OR: [{ startedAt: period }, { startedAt: null, lastAt: period }, { startedAt: null, lastAt: null, endedAt: period }] }),
      },
      orderBy: { number: 'desc' },
      take: limit + 1,
    });
    return page(rows, limit, ({ number }) => [number], transactionOf);
  }

  async get(tenant: string, id: string): Promise<Transaction> {
    return transactionOf(await this.find(tenant, id));
  }

  /** In the order of the station's clock; a page holds the samples of so many messages. */
  async samples(tenant: string, id: string, { limit, cursor }: Paging): Promise<Page<SampleView>> {
    const { station, number } = await this.find(tenant, id);
    const after = readCursor(cursor, sampleKey);
    const rows = await this.prisma.sample.findMany({
      where: {
        tenant,
        station,
        transaction: number,
        ...(after && { AND: { at: { gte: after[0] } }, ...behind('ascending', { at: after[0], evse: after[1], digest: after[2] }) }),
      },
      orderBy: [{ at: 'asc' }, { evse: 'asc' }, { digest: 'asc' }],
      take: limit + 1,
    });
    const { items, nextCursor } = page(rows, limit, ({ at, evse, digest }) => [at, evse, digest.toString()], ({ samples }) => JSON.parse(samples) as SampleView[]);
    return { items: items.flat(), nextCursor };
  }

  /** In the order of the station's own numbers; versions that do not number their events have none. */
  async events(tenant: string, id: string, { limit, cursor }: Paging): Promise<Page<EventView>> {
    const { station, key: ownKey } = await this.find(tenant, id);
    const after = readCursor(cursor, numberKey);
    const rows = await this.prisma.transactionEvent.findMany({
      where: { tenant, station, key: ownKey, sequence: { gt: after?.[0] } },
      orderBy: { sequence: 'asc' },
      take: limit + 1,
    });
    return page(
      rows,
      limit,
      ({ sequence }) => [sequence],
      ({ sequence, kind, trigger, chargingState, at, offline, receivedAt }) => ({ sequence, kind, trigger, chargingState, at: iso(at), offline, receivedAt: iso(receivedAt) }),
    );
  }

  private async find(tenant: string, id: string): Promise<TransactionRow> {
    const isNumber = /^[1-9]\d{0,9}$/.test(id) && Number(id) <= 0x7fff_ffff;
    const row = isNumber ? await this.prisma.transaction.findFirst({ where: { number: Number(id), tenant } }) : null;
    if (!row) throw new Fault('not-found', `there is no transaction ${JSON.stringify(id)}`);
    return row;
  }
}

type TransactionRow = Prisma.TransactionGetPayload<object>;

function transactionOf(row: TransactionRow): Transaction {
  const { wireId, station, protocol, evse, connector, token, tokenKind, authorization, endNote, endBy, startWh, endWh, lastWh } = row;
  const endKind = row.endKind as EndKind | null;
  const { stopReason, stopToken, chargingState, remoteStartId, reservationId, flags } = row;
  const latestWh = endWh ?? lastWh;
  return {
    id: String(row.number),
    wireId,
    station,
    protocol,
    evse,
    connector,
    token,
    tokenKind,
    authorization,
    endKind,
    endedAbnormally: endKind !== null && endKind !== 'reported',
    endCause: row.endCause,
    endNote,
    endBy,
    endInferredAt: iso(row.endInferredAt),
    times: {
      start: { reported: iso(row.startedAt), received: iso(row.startReceivedAt), corrected: iso(row.startCorrectedAt) },
      end: { reported: endKind === 'reported' ? iso(row.endedAt) : null, received: endKind === 'reported' ? iso(row.endReceivedAt) : null, corrected: iso(row.endCorrectedAt) },
    },
    startWh,
    endWh,
    lastWh,
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    open: row.endedAt === null,
    energyWh: startWh === null || latestWh === null ? null : latestWh - startWh,
    stopReason,
    stopToken,
    chargingState,
    remoteStartId,
    reservationId,
    flags,
  };
}
