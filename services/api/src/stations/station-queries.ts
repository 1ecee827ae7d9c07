import { Prisma, type Database } from '@ohmnibus/database';
import { Fault, isSecurityProfile, type StationRef } from '@ohmnibus/domain';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import { z } from 'zod';
import type { Connector, ConnectorState, Station, StationClock, StationFilters } from './station-schemas.js';

const idKey = z.tuple([key.text]);
const reportKey = z.tuple([key.time, key.bigint, key.bigint]);

/** What is known of stations. */
export class StationQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** In the order of their ids. */
  async list(tenant: string, filters: StationFilters): Promise<Page<Station>> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>(select(tenant, filters));
    const stations = await this.read(tenant, rows.slice(0, filters.limit).map(({ id }) => id));
    const { nextCursor } = page(rows, filters.limit, ({ id }) => [id], ({ id }) => id);
    return { items: stations, nextCursor };
  }

  async get({ tenant, station }: StationRef): Promise<Station> {
    const [found] = storable(station) ? await this.read(tenant, [station]) : [];
    if (!found) throw unknownStation(station);
    return found;
  }

  /** Throws `not-found` for a station that does not exist. */
  async require({ tenant, station }: StationRef): Promise<{ readonly lastSeenAt: Date | null }> {
    const row = storable(station)
      ? await this.prisma.station.findUnique({ where: { tenant_id: { tenant, id: station } }, select: { lastSeenAt: true } })
      : null;
    if (!row) throw unknownStation(station);
    return row;
  }

  /** What the connectors reported, the newest first. */
  async statuses({ tenant, station }: StationRef, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Connector>> {
    const after = readCursor(cursor, reportKey);
    const rows = await this.prisma.statusReport.findMany({
      where: {
        tenant,
        station,
        ...(after && { receivedAt: { lte: after[0] }, ...behind('descending', { receivedAt: after[0], epoch: after[1], frame: after[2] }) }),
      },
      orderBy: [{ receivedAt: 'desc' }, { epoch: 'desc' }, { frame: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ receivedAt, epoch, frame }) => [receivedAt, Number(epoch), Number(frame)], connectorOf);
  }

  /** How far the station's clock was off, each time that it changed, the newest first. */
  async clocks({ tenant, station }: StationRef): Promise<StationClock[]> {
    const rows = await this.prisma.stationClock.findMany({ where: { tenant, station }, orderBy: { since: 'desc' }, take: 100 });
    return rows.map(clockOfRow);
  }

  private async read(tenant: string, ids: readonly string[]): Promise<Station[]> {
    const [stations, connectors, clocks] = await Promise.all([
      this.prisma.station.findMany({ where: { tenant, id: { in: [...ids] } } }),
      this.prisma.connector.findMany({ where: { tenant, station: { in: [...ids] } }, orderBy: [{ evse: 'asc' }, { connector: 'asc' }] }),
      this.prisma.$queryRaw<ClockRow[]>`
        SELECT DISTINCT ON (station) station, since, until, drift_ms AS "driftMs", measurements FROM station_clock
        WHERE tenant = ${tenant} AND station = ANY (${ids}) ORDER BY station, since DESC`,
    ]);
    const clockOf = new Map(clocks.map((row) => [row.station, clockOfRow(row)]));
    const byId = new Map(stations.map((row) => [row.id, row]));
    const connectorsOf = new Map<string, ConnectorState[]>(ids.map((id) => [id, []]));
    for (const row of connectors) connectorsOf.get(row.station)?.push({ ...connectorOf(row), since: iso(row.since) });
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [stationOf(row, clockOf.get(id) ?? null, connectorsOf.get(id) ?? [])] : [];
    });
  }
}

/** The ids of a page and one more. Ids are compared byte by byte, whatever the database's language. */
function select(tenant: string, { online, protocol, vendor, model, firmware, status, search, limit, cursor }: StationFilters): Prisma.Sql {
  const after = readCursor(cursor, idKey);
  const conditions = [
    Prisma.sql`tenant = ${tenant}`,
    after && Prisma.sql`id COLLATE "C" > ${after[0]}`,
    online !== undefined && Prisma.sql`online = ${online}`,
    protocol !== undefined && Prisma.sql`protocol = ${protocol}`,
    vendor !== undefined && Prisma.sql`vendor = ${vendor}`,
    model !== undefined && Prisma.sql`model = ${model}`,
    firmware !== undefined && Prisma.sql`firmware_version = ${firmware}`,
    search !== undefined && Prisma.sql`starts_with(lower(id), lower(${search}))`,
    status !== undefined &&
      Prisma.sql`EXISTS (SELECT FROM connector WHERE connector.tenant = station.tenant AND connector.station = station.id AND connector.status = ${status})`,
  ].filter((condition) => condition instanceof Prisma.Sql);
  return Prisma.sql`SELECT id FROM station WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY id COLLATE "C" LIMIT ${limit + 1}`;
}

/** What cannot be stored is not there either. */
export function storable(id: string): boolean {
  return !id.includes('\0');
}

export function unknownStation(station: string): Fault {
  return new Fault('not-found', `there is no station ${JSON.stringify(station)}`);
}

type StationRow = Prisma.StationGetPayload<object>;
type ConnectorRow = Omit<Prisma.ConnectorGetPayload<object>, 'tenant' | 'station' | 'since' | 'changed'>;

function stationOf(row: StationRow, clock: StationClock | null, connectors: ConnectorState[]): Station {
  const { id, online, protocol, registration, vendor, model, serialNumber, firmwareVersion, iccid, imsi, meterType, meterSerialNumber, bootReason } = row;
  return {
    id,
    online,
    protocol,
    registration,
    vendor,
    model,
    serialNumber,
    firmwareVersion,
    iccid,
    imsi,
    meterType,
    meterSerialNumber,
    bootReason,
    bootedAt: iso(row.bootedAt),
    connectedAt: iso(row.connectedAt),
    disconnectedAt: iso(row.disconnectedAt),
    lastSeenAt: iso(row.lastSeenAt),
    hasPassword: row.passwordHash !== null,
    securityProfile: isSecurityProfile(row.securityProfile) ? row.securityProfile : null,
    certificateName: row.certificateName,
    createdAt: iso(row.createdAt),
    clock,
    connectors,
  };
}

function connectorOf({ evse, connector, status, reported, errorCode, vendorId, vendorErrorCode, info, at, receivedAt }: ConnectorRow): Connector {
  return { evse, connector, status, reported, errorCode, vendorId, vendorErrorCode, info, at: iso(at), receivedAt: iso(receivedAt) };
}

type ClockRow = Omit<Prisma.StationClockGetPayload<object>, 'tenant'>;

function clockOfRow({ driftMs, since, until, measurements }: Omit<ClockRow, 'station'>): StationClock {
  return { driftSeconds: Number(driftMs) / 1000, since: iso(since), until: iso(until), measurements };
}
