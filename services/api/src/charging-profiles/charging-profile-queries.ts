import type { ChargingProfileJson } from '@ohmnibus/contracts';
import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { InstalledQuery, InstalledView, ProfileFilters, ProfileView } from './charging-profile-schemas.js';

const idKey = z.tuple([key.integer]);

/** The catalogue of charging profiles, and what stations are believed to keep of it. */
export class ChargingProfileQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  async list(tenant: string, { purpose, limit, cursor }: ProfileFilters): Promise<Page<ProfileView>> {
    const after = readCursor(cursor, idKey);
    const rows = await this.prisma.chargingProfile.findMany({ where: { tenant, purpose, id: { gt: after?.[0] } }, orderBy: { id: 'asc' }, take: limit + 1 });
    return page(rows, limit, ({ id }) => [id], profileOf);
  }

  async get(tenant: string, id: number): Promise<ProfileView> {
    const row = await this.prisma.chargingProfile.findFirst({ where: { id, tenant } });
    if (!row) throw unknownProfile(String(id));
    return profileOf(row);
  }

  async installed({ tenant, station }: StationRef, { limit, cursor }: InstalledQuery): Promise<Page<InstalledView>> {
    const after = readCursor(cursor, idKey);
    const where = { tenant, station, profileId: { gt: after?.[0] } };
    const rows = await this.prisma.installedChargingProfile.findMany({ where, orderBy: { profileId: 'asc' }, take: limit + 1 });
    return page(rows, limit, ({ profileId }) => [profileId], installedOf);
  }
}

/** Throws `not-found` for what no profile can have as its id. */
export function readProfileId(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > 0x7fff_ffff) throw unknownProfile(text);
  return Number(text);
}

export function unknownProfile(id: string): Fault {
  return new Fault('not-found', `there is no charging profile ${JSON.stringify(id)}`);
}

function profileOf({ id, description, profile, createdAt, updatedAt }: Prisma.ChargingProfileGetPayload<object>): ProfileView {
  return { id, description, ...(profile as unknown as ChargingProfileJson), createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}

function installedOf({ profileId: id, evse, transaction, profile, installedAt, command }: Prisma.InstalledChargingProfileGetPayload<object>): InstalledView {
  const shape = profile as unknown as ChargingProfileJson;
  return { id, evse, transaction: transaction === null ? null : String(transaction), ...shape, installedAt: iso(installedAt), command };
}
