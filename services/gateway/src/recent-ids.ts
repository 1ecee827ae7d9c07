const empty = 0;
const gone = 1;

/**
 * Remembers at least the last so many ids, by 64 bits of each: that one of two different ids counts as known by mistake is less likely than anything
 * else that could happen to it. As texts they would be what a pod's garbage collection has most to do with, for each lives some seconds.
 *
 * In two halves, of which the older one is forgotten at once.
 */
export class RecentIds {
  private recent: Half;
  private older: Half;

  constructor(private readonly limit: number) {
    this.recent = new Half(limit);
    this.older = new Half(limit);
  }

  /** Whether the id is new; it is remembered from now on. */
  add(id: string): boolean {
    const [high, low] = hashOf(id);
    if (this.recent.has(high, low) || this.older.has(high, low)) return false;
    if (this.recent.used >= this.limit) {
      const oldest = this.older;
      oldest.clear();
      this.older = this.recent;
      this.recent = oldest;
    }
    this.recent.add(high, low);
    return true;
  }

  /** The id counts as new again. */
  forget(id: string): void {
    const [high, low] = hashOf(id);
    this.recent.delete(high, low);
    this.older.delete(high, low);
  }
}

/** A set of hashes in one piece of memory, at most half full: a hash is at the place that it names, or at the first free one behind it. */
class Half {
  private readonly places: Uint32Array;
  private readonly mask: number;
  /** Places that are not empty. */
  used = 0;

  constructor(limit: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * limit));
    this.places = new Uint32Array(2 * places);
    this.mask = places - 1;
  }

  has(high: number, low: number): boolean {
    return this.find(high, low) >= 0;
  }

  add(high: number, low: number): void {
    let at = low & this.mask;
    while (this.places[2 * at] !== empty) at = (at + 1) & this.mask;
    this.places[2 * at] = high;
    this.places[2 * at + 1] = low;
    this.used++;
  }

  /** The place stays taken: what was put behind it must still be found. */
  delete(high: number, low: number): void {
    const at = this.find(high, low);
    if (at >= 0) this.places[2 * at] = gone;
  }

  clear(): void {
    this.places.fill(empty);
    this.used = 0;
  }

  private find(high: number, low: number): number {
    for (let at = low & this.mask; this.places[2 * at] !== empty; at = (at + 1) & this.mask) {
      if (this.places[2 * at] === high && this.places[2 * at + 1] === low) return at;
    }
    return -1;
  }
}

/** Two times 32 bits, by multiplication with odd numbers and a mixing of the halves (cyrb53). The first is none that marks a place. */
function hashOf(id: string): readonly [high: number, low: number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high >>>= 0;
  return [high > gone ? high : high + 2, low >>> 0];
}
