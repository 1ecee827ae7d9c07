import { seriesOf } from '../measure/series.js';
import type { TimedRun } from '../measure/timed-run.js';
import { percent, thousands } from './describe-run.js';
import type { Results } from './results.js';
import { table } from './table.js';

/** docs/performance.md. */
export function page(results: Results): string {
  const groups = new Map<string, TimedRun[]>();
  for (const { label, run } of results.runs) {
    const key = `${label.replace(/^round \d+, /, '')}\u0000${run.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const median = (runs: readonly TimedRun[], figure: (run: TimedRun) => number) => seriesOf(runs.map(figure)).median;
  const figures = [...groups].map(([key, runs]) => {
    const [label, contender] = key.split('\u0000');
    const cells = [
      label,
      contender,
      thousands(median(runs, (run) => run.perSecond)),
      thousands(median(runs, (run) => run.sustainedPerSecond)),
      median(runs, (run) => run.microseconds).toFixed(1),
      median(runs, (run) => run.p50Ms).toFixed(1),
      median(runs, (run) => run.p99Ms).toFixed(1),
      percent(median(runs, (run) => run.clientShare)),
      percent(median(runs, (run) => run.othersShare + run.stolenShare)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `<!-- Written by "npm run bench -- --write". -->
# Performance

Measured on ${results.at.slice(0, 10)}: ${results.machine}, ${results.software.join(', ')}. ${results.rounds} rounds of ${results.seconds} s for each contender.

${table(results.rows).join('\n')}

A row is the median, over the rounds, of the ratio of two contenders that took turns in the same round; messages a second alone say more about the machine than about
the software. A round in which an answer was lost or wrong, or in which a row was missing or stored twice afterwards, does not count, and fails row 8.

## The turns behind it

Medians. "us" is user plus system CPU of all server processes (Postgres with its children, NATS and Redis included, the load client not) for one answered message,
with everything that was put off: a window ends when the message log is written and every event is in the stream. "Until settled" spreads the messages over all of that time.

| load | contender | msg/s | msg/s until settled | us | p50 ms | p99 ms | client's share | others' share |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${figures.join('\n')}

## What is measured

- **Ohmnibus** as it is deployed: one gateway, one session and one transaction process, nats-server, redis-server and Postgres with fsync, message log on.
- **ocpp-rpc**: that library in one process, without validation, nothing kept. **uWebSockets.js**: a handler that parses and answers, nothing kept.
- **naive**: a uWebSockets.js gateway with one NATS request a frame, and a service with one INSERT and commit a frame.
- The mix: Heartbeat 30 %, StatusNotification 15 %, MeterValues with ten samples 45 %, Start and Stop 10 %, with unique message ids and real transaction numbers.
- Everybody is warmed up alike, by three turns (or storms) that do not count: a service that runs for longer has its code compiled.
- The load client is a process of its own.
- Memory is what a process keeps after its garbage is collected, without the space for young objects, whose size is fixed.
- "Others" are processes that have nothing to do with the benchmark, and what the host gave to other machines: the more they had, the less the turns say.

Run it with \`npm run bench\`; \`npm run bench -- --help\` lists what it can be told. The exit code is 0 if every gate is kept.
`;
}
