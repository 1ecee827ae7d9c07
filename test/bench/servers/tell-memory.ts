/**
 * Loaded before a server whose memory is measured: on SIGUSR2 it collects its garbage and writes down what it keeps. The space for young
 * objects is left out: it grows with what went through it, up to a fixed size, and says nothing of what a connection needs.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** Freed pages are given back by threads of their own, which get this long, in milliseconds. */
const settleMs = 1_000;

process.on('SIGUSR2', () => {
  collect();
  setTimeout(() => {
    collect();
    setTimeout(tell, settleMs);
  }, settleMs);
});

function tell(): void {
  const young = getHeapSpaceStatistics().filter(({ space_name }) => space_name.startsWith('new_'));
  const bytes = process.memoryUsage.rss() - young.reduce((sum, { physical_space_size }) => sum + physical_space_size, 0);
  const file = process.env['BENCH_MEMORY'] ?? '';
  writeFileSync(`${file}.part`, String(bytes));
  renameSync(`${file}.part`, file);
}
