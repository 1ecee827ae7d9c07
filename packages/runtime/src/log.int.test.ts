import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A service that logs all the time, run from the built package as it is deployed. */
const chatty = `
  import { runService } from ${JSON.stringify(pathToFileURL(join(process.cwd(), 'packages/runtime/dist/index.js')).href)};
  await runService({
    name: 'chatty',
    config: { ADMIN_HOST: '127.0.0.1', ADMIN_PORT: 0, LOG_LEVEL: 'info' },
    start: async ({ log }) => {
      const timer = setInterval(() => log.info('tick'), 5);
      return { checks: {}, stop: async () => clearInterval(timer) };
    },
  });`;

describe('a log that nobody reads any more', () => {
  test('neither ends the process nor keeps it from stopping', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', chatty], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    // Lines are written into the closed pipe from here on; the process is alive to hear the signal.
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
