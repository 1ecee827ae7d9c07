import type { Metric, Registry } from 'prom-client';

/** One time series: adding to it costs a comparison and two additions. */
export class Timer {
  readonly counts: number[];
  sum = 0;

  constructor(
    readonly labels: Readonly<Record<string, string>>,
    private readonly buckets: readonly number[],
  ) {
    this.counts = Array.from({ length: buckets.length + 1 }, () => 0);
  }

  /** @param seconds how long something took */
  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < this.buckets.length && seconds > this.buckets[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += seconds;
  }
}

/**
 * A histogram for what happens with every message: the library's own looks its labels up and builds a key on each observation, which costs
 * more than a tenth of what a message does. It is read by the library like any other.
 */
export class Timings {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  private readonly series = new Map<string, Timer>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly buckets: readonly number[],
    registry: Registry,
  ) {
    registry.registerMetric(this as unknown as Metric);
  }

  /** The series of these labels; keep it instead of asking for it each time. */
  of(labels: Readonly<Record<string, string>>): Timer {
    const key = Object.values(labels).join('\u0000');
    let timer = this.series.get(key);
    if (!timer) this.series.set(key, (timer = new Timer(labels, this.buckets)));
    return timer;
  }

  reset(): void {
    this.series.clear();
  }

  get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: object[] }> {
    const { name, help, type, aggregator } = this;
    const values = [...this.series.values()].flatMap((timer) => this.valuesOf(timer));
    return Promise.resolve({ name, help, type, aggregator, values });
  }

  private valuesOf({ labels, counts, sum }: Timer): object[] {
    let count = 0;
    const buckets = counts.map((more, i) => {
      count += more;
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le: this.buckets[i] ?? '+Inf' }, value: count };
    });
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count }];
  }
}
