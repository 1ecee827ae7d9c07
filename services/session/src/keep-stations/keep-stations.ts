import type { stationChanged } from '@ohmnibus/contracts';
import type { StationRef } from '@ohmnibus/domain';
import type { z } from 'zod';
import type { KnownPasswords } from '../admit-station/known-passwords.js';
import type { PasswordChecks } from '../admit-station/password-checks.js';
import type { StationSettings, StationStore } from './station-store.js';

export type StationChange = z.infer<typeof stationChanged.event>['change'];

/** What is asked for a station. Undefined: it stays as it is. */
export interface StationOrder extends StationRef, Pick<StationSettings, 'securityProfile' | 'certificateName'> {
  /** As text, UTF-8 on the wire (P2 A00.FR.205); null: none is asked for. */
  readonly password?: string | null | undefined;
}

/** Makes, changes and deletes stations, and has everybody forget what they remember of one whose credentials changed. */
export class KeepStations {
  constructor(
    private readonly stations: StationStore,
    private readonly checks: PasswordChecks,
    private readonly known: KnownPasswords,
    private readonly tell: (station: StationRef, change: StationChange) => void,
  ) {}

  async put({ tenant, station, password, ...settings }: StationOrder): Promise<{ created: boolean }> {
    const ref = { tenant, station };
    if (password === undefined || password === null) {
      const outcome = await this.stations.put(ref, { ...settings, passwordHash: password });
      if (password === null) await this.known.forget(ref);
      // A gateway may remember that it was let in, or that it was refused as unknown.
      if (password === null || Object.values(settings).some((value) => value !== undefined) || outcome.created) this.tell(ref, 'credentials');
      return outcome;
    }
    const bytes = Buffer.from(password);
    const passwordHash = await this.checks.hash(bytes);
    const outcome = await this.stations.put(ref, { ...settings, passwordHash });
    // The first admission after it is as cheap as all others: a whole fleet may be entered and then plugged in.
    await this.known.remember({ ...ref, passwordHash, password: bytes });
    this.tell(ref, 'credentials');
    return outcome;
  }

  async delete({ tenant, station }: StationRef): Promise<{ deleted: boolean }> {
    const ref = { tenant, station };
    const outcome = await this.stations.delete(ref);
    await this.known.forget(ref);
    if (outcome.deleted) this.tell(ref, 'deleted');
    return outcome;
  }
}
