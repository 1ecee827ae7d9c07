import { Prisma, type Database } from '@ohmnibus/database';
import { configurationKey, differenceOf, Fault, variableName, type DesiredVariable, type StationRef, type StoredVariable } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor, writeCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { ConfigurationView, Drift, TemplateView } from './configuration-schemas.js';

const textKey = z.tuple([key.text]);
interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** So many stations are looked at for a page of drifting ones; a page may then hold fewer than were asked for. */
const looksPerPage = 10;
const stationsPerLook = 500;

/** What stations are configured with, and what they should be. */
export class ConfigurationQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** In the order of the keys. */
  async of({ tenant, station }: StationRef, { limit, cursor }: Paging): Promise<ConfigurationView> {
    const after = readCursor(cursor, textKey);
    const [snapshot, rows] = await Promise.all([
      this.prisma.configurationSnapshot.findUnique({ where: { tenant_station: { tenant, station } } }),
      this.prisma.configurationKey.findMany({ where: { tenant, station, key: { gt: after?.[0] } }, orderBy: { key: 'asc' }, take: limit + 1 }),
    ]);
    const { items, nextCursor } = page(
      rows,
      limit,
      (row) => [row.key],
      ({ component, variable, attribute, known, value, pendingValue, readonly, readAt, source }) => ({
        key: variableName({ variable, ...(component !== null && { component }), ...(attribute !== null && { attribute }) }),
        known,
        value,
        pendingValue,
        readonly,
        readAt: iso(readAt),
        source: source as 'read' | 'changed',
      }),
    );
    return { readAt: iso(snapshot?.readAt ?? null), firmwareVersion: snapshot?.firmwareVersion ?? null, items, nextCursor };
  }

  /** Undefined: there is no template for it to follow. */
  async drift({ tenant, station }: StationRef): Promise<Drift | undefined> {
    const [row] = await this.prisma.$queryRaw<Followed[]>(Prisma.sql`${followed} WHERE t.tenant = ${tenant} AND t.station = ${station}`);
    return row && driftOf(row);
  }

  /** Stations that differ from their templates, in the order of their ids. */
  async drifting(tenant: string, { limit, cursor }: Paging): Promise<Page<Drift>> {
    let after = readCursor(cursor, textKey)?.[0] ?? '';
    const items: Drift[] = [];
    for (let look = 0; look < looksPerPage; look++) {
      const rows = await this.prisma.$queryRaw<Followed[]>(
        Prisma.sql`${followed} WHERE t.tenant = ${tenant} AND t.station COLLATE "C" > ${after} ORDER BY t.station COLLATE "C" LIMIT ${stationsPerLook}`,
      );
      for (const row of rows) {
        after = row.station;
        const drift = driftOf(row);
        if (drift.differences.length > 0) items.push(drift);
        if (items.length === limit) return { items, nextCursor: writeCursor([after]) };
      }
      if (rows.length < stationsPerLook) return { items, nextCursor: null };
    }
    return { items, nextCursor: writeCursor([after]) };
  }

  async templates(tenant: string, { limit, cursor }: Paging): Promise<Page<TemplateView>> {
    const after = readCursor(cursor, textKey);
    const rows = await this.prisma.configurationTemplate.findMany({ where: { tenant, name: { gt: after?.[0] } }, orderBy: { name: 'asc' }, take: limit + 1 });
    return page(rows, limit, ({ name }) => [name], templateOf);
  }

  async template(tenant: string, name: string): Promise<TemplateView> {
    const row = name.includes('\0') ? null : await this.prisma.configurationTemplate.findUnique({ where: { tenant_name: { tenant, name } } });
    if (!row) throw unknownTemplate(name);
    return templateOf(row);
  }
}

interface Followed {
  readonly station: string;
  readonly name: string;
  readonly keys: readonly DesiredVariable[];
  /** What is stored of the keys that the template names. */
  readonly stored: readonly StoredVariable[] | null;
}

const followed = Prisma.sql`
  SELECT t.station, t.name, t.keys, (
    SELECT json_agg(json_build_object('key', c.key, 'known', c.known, 'value', c.value, 'pendingValue', c.pending_value)) FROM configuration_key AS c
    WHERE c.tenant = t.tenant AND c.station = t.station AND c.key IN (SELECT lower(wanted ->> 'variable') FROM json_array_elements(t.keys) AS wanted)
  ) AS stored
  FROM station_template AS t`;

function driftOf({ station, name, keys, stored }: Followed): Drift {
  const byKey = new Map((stored ?? []).map((row) => [row.key, row]));
  const differences = keys.flatMap((desired) => {
    const actual = byKey.get(configurationKey(desired));
    const difference = differenceOf(desired, actual);
    return difference ? [{ key: variableName(desired), desired: desired.value, actual: actual?.value ?? null, difference }] : [];
  });
  return { station, template: name, differences };
}

export function unknownTemplate(name: string): Fault {
  return new Fault('not-found', `there is no configuration template ${JSON.stringify(name)}`);
}

function templateOf({ name, vendor, model, firmware, priority, keys, createdAt, updatedAt }: Prisma.ConfigurationTemplateGetPayload<object>): TemplateView {
  const desired = (keys as unknown as DesiredVariable[]).map((wanted) => ({ key: variableName(wanted), value: wanted.value }));
  return { name, vendor, model, firmware, priority, keys: desired, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}
