import { readChargingProfile, type ChargingProfileJson } from '@ohmnibus/contracts';
import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, type ChargingProfile } from '@ohmnibus/domain';

export interface CatalogueEntry {
  readonly description: string | null;
  readonly profile: ChargingProfileJson;
}

/** The operator's charging profiles, under the ids by which stations know them. */
export class ProfileCatalogue {
  constructor(private readonly database: Pick<Database, 'prisma'>) {}

  async create(tenant: string, entry: CatalogueEntry): Promise<{ id: number }> {
    return this.database.prisma.chargingProfile.create({ data: { tenant, ...columns(entry) }, select: { id: true } });
  }

  async replace(tenant: string, id: number, entry: CatalogueEntry): Promise<{ replaced: boolean }> {
    const { count } = await this.database.prisma.chargingProfile.updateMany({ where: { id, tenant }, data: { ...columns(entry), updatedAt: new Date() } });
    return { replaced: count > 0 };
  }

  async delete(tenant: string, id: number): Promise<{ deleted: boolean }> {
    const { count } = await this.database.prisma.chargingProfile.deleteMany({ where: { id, tenant } });
    return { deleted: count > 0 };
  }

  /** Throws `not-found`. */
  async require(tenant: string, id: number): Promise<ChargingProfile> {
    const row = await this.database.prisma.chargingProfile.findFirst({ where: { id, tenant }, select: { profile: true } });
    if (!row) throw new Fault('not-found', `there is no charging profile ${id}`);
    return readChargingProfile(id, row.profile as unknown as ChargingProfileJson);
  }
}

function columns({ description, profile }: CatalogueEntry) {
  return { description, purpose: profile.purpose, stackLevel: profile.stackLevel, profile: profile as unknown as Prisma.InputJsonObject };
}
