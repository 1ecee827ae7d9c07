import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Timings } from './timings.js';

/** The metrics of one process, as Prometheus reads them. Names begin with `ohmnibus_`; times are in seconds. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `ohmnibus_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** Read when Prometheus asks. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name: `ohmnibus_${name}`, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  histogram<L extends string = never>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[]): Histogram<L> {
    return new Histogram({ name: `ohmnibus_${name}`, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] });
  }

  /** A histogram of times for what happens with every message. */
  timings(name: string, help: string): Timings {
    return new Timings(`ohmnibus_${name}`, help, latencyBuckets, this.registry);
  }

  /** What group commits report: how many, how large, how long. */
  commits(): (batch: { readonly name: string; readonly rows: number; readonly seconds: number; readonly failed: boolean }) => void {
    const commits = this.counter('commits_total', 'Commits to Postgres', ['batch', 'outcome']);
    const rows = new Timings('ohmnibus_commit_rows', 'Rows in a commit', [1, 2, 5, 10, 20, 50, 100, 200, 500], this.registry);
    const seconds = this.timings('commit_seconds', 'Time of a commit');
    return (batch) => {
      commits.inc({ batch: batch.name, outcome: batch.failed ? 'failed' : 'committed' });
      const labels = { batch: batch.name };
      rows.of(labels).observe(batch.rows);
      seconds.of(labels).observe(batch.seconds);
    };
  }
}

export const latencyBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
