import type { Database, Prisma } from '@ohmnibus/database';
import { builtInQuirks, quirksOf, type QuirkProfile, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import { unknownStation } from '../stations/station-queries.js';
import type { Newcomer, StationSettingsView, TenantSettingsView } from './registration-schemas.js';

const newcomerKey = z.tuple([key.time, key.text]);

/** How stations are taken in. */
export class RegistrationQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** Those that came first are first. */
  async newcomers(tenant: string, { approval, limit, cursor }: { approval: Newcomer['approval']; limit: number; cursor?: string | undefined }): Promise<Page<Newcomer>> {
    const after = readCursor(cursor, newcomerKey);
    const rows = await this.prisma.station.findMany({
      where: { tenant, approval, ...(after && behind('ascending', { createdAt: after[0], id: after[1] })) },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ createdAt, id }) => [createdAt, id], newcomerOf);
  }

  async tenant(tenant: string): Promise<TenantSettingsView> {
    const row = await this.prisma.tenantSettings.findUnique({ where: { tenant } });
    const { newcomers = null, bootPolicy = null, onBootConfiguration = null, onBootLocalList = null } = row ?? {};
    return { newcomers, bootPolicy, onBootConfiguration, onBootLocalList } as TenantSettingsView;
  }

  /** Throws `not-found` for a station that does not exist. */
  async station({ tenant, station }: StationRef): Promise<StationSettingsView> {
    const row = await this.prisma.station.findUnique({ where: { tenant_id: { tenant, id: station } } });
    if (!row) throw unknownStation(station);
    const { bootPolicy, releasedAt, assumedProtocol, onBootConfiguration, onBootLocalList, template, vendor, model, firmwareVersion: firmware } = row;
    const own = (await this.prisma.quirkProfile.findMany({ where: { tenant } })) as unknown as QuirkProfile[];
    const make = { vendor, model, firmware };
    return {
      bootPolicy,
      releasedAt: iso(releasedAt),
      assumedProtocol: assumedProtocol as StationSettingsView['assumedProtocol'],
      onBootConfiguration,
      onBootLocalList,
      template,
      quirkProfile: (quirksOf(make, own) ?? quirksOf(make, builtInQuirks))?.name ?? null,
    };
  }
}

function newcomerOf(row: Prisma.StationGetPayload<object>): Newcomer {
  const { id, approval, vendor, model, serialNumber, firmwareVersion, protocol, remoteAddress, online } = row;
  return {
    id,
    approval: approval as Newcomer['approval'],
    vendor,
    model,
    serialNumber,
    firmwareVersion,
    protocol,
    remoteAddress,
    online,
    lastSeenAt: iso(row.lastSeenAt),
    createdAt: iso(row.createdAt),
  };
}
