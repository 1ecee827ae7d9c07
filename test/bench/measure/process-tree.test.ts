import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { cpuSeconds, machineSeconds } from './process-tree.js';

/** Has a child that works for 100 ms of CPU time, and lives until its input ends. */
const parent = `
  const { spawnSync } = require('node:child_process');
  const work = 'const end = process.cpuUsage().user + 100_000; while (process.cpuUsage().user < end);';
  spawnSync(process.execPath, ['-e', work]);
  console.log('done');
  process.stdin.resume();
`;

test('the time of a process includes that of children that have ended', async () => {
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    expect(cpuSeconds({ child: child.pid! })['child']).toBeGreaterThanOrEqual(0.1);
    expect(cpuSeconds({ us: process.pid })['us']).toBeGreaterThan(cpuSeconds({ child: child.pid! })['child']!);
    expect(machineSeconds().used).toBeGreaterThan(0.1);
  } finally {
    child.stdin.end();
    await eventually('the process has ended', () => child.exitCode !== null);
  }
});
