/** Times in milliseconds, gathered without keeping each: buckets that widen by 2 % from 10 us to some minutes. */
export class Latencies {
  private readonly buckets = new Uint32Array(900);
  private count = 0;

  add(ms: number): void {
    const bucket = ms <= smallest ? 0 : Math.ceil(Math.log(ms / smallest) / step);
    this.buckets[Math.min(bucket, this.buckets.length - 1)]!++;
    this.count++;
  }

  /** The time that a share of all took at most; 0 if there are none. */
  quantile(share: number): number {
    let left = this.count * share;
    if (left === 0) return 0;
    const bucket = this.buckets.findIndex((size) => (left -= size) <= 0);
    return smallest * Math.exp(step * bucket);
  }

  clear(): void {
    this.buckets.fill(0);
    this.count = 0;
  }
}

const smallest = 0.01;
const step = Math.log(1.02);
