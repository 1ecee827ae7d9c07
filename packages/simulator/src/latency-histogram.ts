const firstBucketMs = 0.1;
const growth = 1.15;
const buckets = 140;

/** Latencies counted in buckets that grow by 15 %, so that any number of calls costs the same memory. */
export class LatencyHistogram {
  private readonly counts = Array.from({ length: buckets }, () => 0);
  private total = 0;

  add(ms: number): void {
    const bucket = Math.ceil(Math.log(Math.max(ms, firstBucketMs) / firstBucketMs) / Math.log(growth));
    const index = Math.min(buckets - 1, bucket);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
  }

  /** Milliseconds below which this share (0 to 1) of the calls stayed, at most 15 % too high; 0 without calls. */
  percentile(share: number): number {
    const rank = Math.ceil(this.total * share);
    let seen = 0;
    for (const [index, count] of this.counts.entries()) {
      seen += count;
      if (count > 0 && seen >= rank) return firstBucketMs * growth ** index;
    }
    return 0;
  }
}
