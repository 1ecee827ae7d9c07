/** Loaded before a service that is profiled: SIGUSR2 begins a CPU profile, another one ends it and writes it to a file named after the process. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const session = new Session();
session.connect();
let running = false;

process.on('SIGUSR2', () => {
  running = !running;
  if (running) {
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: 500 });
    session.post('Profiler.start');
  } else {
    session.post('Profiler.stop', (error, { profile }) => {
      if (!error) writeFileSync(join(process.env['BENCH_PROFILES'] ?? '.', `${process.pid}.cpuprofile`), JSON.stringify(profile));
    });
  }
});
