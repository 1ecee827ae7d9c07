import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { Timings } from './timings.js';

describe('timings', () => {
  test('are read as a histogram of the library would be', async () => {
    const registry = new Registry();
    const timings = new Timings('took_seconds', 'How long it took', [0.1, 1], registry);
    const timer = timings.of({ action: 'Heartbeat' });
    for (const seconds of [0.05, 0.1, 0.5, 2]) timer.observe(seconds);
    timings.of({ action: 'Authorize' }).observe(0.2);

    expect((await registry.metrics()).trim().split('\n')).toEqual([
      '# HELP took_seconds How long it took',
      '# TYPE took_seconds histogram',
      'took_seconds_bucket{action="Heartbeat",le="0.1"} 2',
      'took_seconds_bucket{action="Heartbeat",le="1"} 3',
      'took_seconds_bucket{action="Heartbeat",le="+Inf"} 4',
      'took_seconds_sum{action="Heartbeat"} 2.65',
      'took_seconds_count{action="Heartbeat"} 4',
      'took_seconds_bucket{action="Authorize",le="0.1"} 0',
      'took_seconds_bucket{action="Authorize",le="1"} 1',
      'took_seconds_bucket{action="Authorize",le="+Inf"} 1',
      'took_seconds_sum{action="Authorize"} 0.2',
      'took_seconds_count{action="Authorize"} 1',
    ]);
  });

  test('of the same labels are one series', () => {
    const timings = new Timings('took_seconds', 'How long it took', [1], new Registry());
    expect(timings.of({ action: 'Heartbeat' })).toBe(timings.of({ action: 'Heartbeat' }));
  });
});
