import type { StationRef } from '@ohmnibus/domain';

const generation = 50_000;

/**
 * Numbers of transactions that were found, and whose they are. A number is its station's for ever, so nobody has to be told of changes; what
 * was not asked for lately is forgotten.
 */
export class KnownNumbers {
  private recent = new Map<number, StationRef>();
  private older = new Map<number, StationRef>();

  note(number: number, { tenant, station }: StationRef): void {
    if (this.recent.size >= generation) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(number, { tenant, station });
  }

  /** False: it has to be looked up. */
  has(number: number, { tenant, station }: StationRef): boolean {
    let whose = this.recent.get(number);
    if (!whose) {
      whose = this.older.get(number);
      if (!whose) return false;
      this.note(number, whose);
    }
    return whose.station === station && whose.tenant === tenant;
  }
}
