import type { GatewayCall, GatewayCallOutcome } from '@ohmnibus/contracts';
import type { LocalList } from '@ohmnibus/database';
import { connect, database, pod, result, tenant } from '../command-fixture.js';

interface Line {
  readonly idTag: string;
  readonly idTagInfo?: object;
}

export interface ListUpdate {
  readonly listVersion: number;
  readonly updateType: 'Full' | 'Differential';
  readonly localAuthorizationList?: readonly Line[];
}

/** A 1.6 station that keeps a local list as the standard has it. What a test puts in `answers` it says instead, once each. */
export class LocalListStation {
  version = 0;
  readonly lines = new Map<string, object>();
  readonly answers: (GatewayCallOutcome | (() => GatewayCallOutcome | Promise<GatewayCallOutcome>))[] = [];
  readonly updates: ListUpdate[] = [];
  readonly actions: string[] = [];
  id = '';

  private constructor(private readonly keys: Record<string, string>) {}

  /** @param keys its configuration */
  static async start(keys: Record<string, string> = { SendLocalListMaxLength: '4', LocalAuthListMaxLength: '10', LocalAuthListEnabled: 'true' }): Promise<LocalListStation> {
    const station = new LocalListStation(keys);
    const gateway = await pod((call) => station.answer(call));
    station.id = (await connect(gateway.name)).station;
    await database.prisma.station.create({ data: { tenant, id: station.id } });
    return station;
  }

  /** What is believed of its list. */
  belief(): Promise<LocalList | null> {
    return database.prisma.localList.findUnique({ where: { tenant_station: { tenant, station: this.id } } });
  }

  /** The updates since the last look, in short: F or D, the version, how many lines. */
  takeUpdates(): string[] {
    return this.updates.splice(0).map(({ updateType, listVersion, localAuthorizationList = [] }) => `${updateType[0]}${listVersion}:${localAuthorizationList.length}`);
  }

  private answer({ action, payload }: GatewayCall): GatewayCallOutcome | Promise<GatewayCallOutcome> {
    this.actions.push(action);
    if (action === 'GetConfiguration') return result(this.configuration((JSON.parse(payload) as { key: string[] }).key));
    if (action === 'SendLocalList') this.updates.push(JSON.parse(payload) as ListUpdate);
    const scripted = this.answers.shift();
    if (scripted) return typeof scripted === 'function' ? scripted() : scripted;
    if (action === 'GetLocalListVersion') return result({ listVersion: this.lines.size === 0 ? Math.min(this.version, 0) : this.version });
    return result({ status: this.take(JSON.parse(payload) as ListUpdate) });
  }

  private configuration(asked: readonly string[]): object {
    const configurationKey = asked.filter((key) => key in this.keys).map((key) => ({ key, value: this.keys[key], readonly: true }));
    return { configurationKey, unknownKey: asked.filter((key) => !(key in this.keys)) };
  }

  private take({ updateType, listVersion, localAuthorizationList = [] }: ListUpdate): string {
    if (this.version === -1) return 'NotSupported';
    if (updateType === 'Differential' && listVersion <= this.version) return 'VersionMismatch';
    if (localAuthorizationList.length > Number(this.keys['SendLocalListMaxLength'] ?? Infinity)) return 'Failed';
    if (updateType === 'Full') this.lines.clear();
    for (const { idTag, idTagInfo } of localAuthorizationList) {
      if (idTagInfo) this.lines.set(idTag, idTagInfo);
      else this.lines.delete(idTag);
    }
    this.version = listVersion;
    return 'Accepted';
  }
}
