import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { main } from './cli.js';
import { eventually } from './test-support/eventually.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let folder: string;
let said: string;
let complained: string;

beforeEach(async () => {
  csms = await TestCsms.listen();
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  said = '';
  complained = '';
  jest.spyOn(console, 'log').mockImplementation((line: unknown) => void (said += `${String(line)}\n`));
  jest.spyOn(console, 'error').mockImplementation((line: unknown) => void (complained += `${String(line)}\n`));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((complained += String(text))));
});

afterEach(async () => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
  await csms.close();
});

function run(...args: string[]): Promise<number> {
  return main(['run', '--url', csms.url, ...args]);
}

describe('the command line', () => {
  test('runs a fleet until its time is over, and says how it went', async () => {
    const fleet = ['--stations', '3', '--id-prefix', 'X', '--protocol', 'mixed', '--connects-per-second', '1000'];
    const code = await run(...fleet, '--duration', '0.5', '--status-seconds', '0.2');
    expect(code).toBe(0);
    expect(csms.of('BootNotification')).toHaveLength(3);
    expect(said).toMatch(/online 3\/3 \(3 accepted\) \| charges 0 started/);
    expect(said).toMatch(/stopped; online 0\/3/);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 and closed sockets on %s', async (signal) => {
    const code = run('--quiet');
    await csms.received('BootNotification');
    process.emit(signal);
    expect(await code).toBe(0);
    await eventually('the socket to close', () => csms.openSockets === 0);
    expect(said).toBe('');
  });

  test('reads one password for all, or one for each', async () => {
    const path = join(folder, 'passwords');
    const presented = (nth: number): string => Buffer.from(csms.upgrades[nth]?.headers.authorization?.slice(6) ?? '', 'base64').toString();
    writeFileSync(path, 'one-for-all\n');
    await run('--quiet', '--duration', '0.2', '--password-file', path);
    expect(presented(0)).toBe('SIM-00001:one-for-all');
    writeFileSync(path, JSON.stringify({ 'SIM-00001': 'my own' }));
    await run('--quiet', '--duration', '0.2', '--password-file', path);
    expect(presented(1)).toBe('SIM-00001:my own');
  });

  test('gives up when no station gets through in time, and says why', async () => {
    csms.refuseWith = 401;
    expect(await run('--quiet', '--connect-timeout', '0.2')).toBe(1);
    expect(complained).toMatch(/no station was accepted at ws:.* within 0\.2 s: .*HTTP 401/);
  });

  test('does not call a run in which nobody got through a success', async () => {
    csms.on('BootNotification', () => ({ status: 'Rejected', currentTime: new Date().toISOString(), interval: 60 }));
    expect(await run('--quiet', '--duration', '0.2')).toBe(1);
    expect(complained).toContain('no boot was accepted');
  });

  test.each([
    [['--stations', '0'], 'whole number from 1 to 50000'],
    [['--stations', 'many'], 'whole number'],
    [['--protocol', 'ocpp9'], 'Allowed choices are ocpp1.5, ocpp1.6, ocpp2.0.1, mixed'],
    [['--time-scale', '-1'], 'a number above 0'],
    [['--url', 'http://127.0.0.1/'], 'has to begin with ws:// or wss://'],
    [['--password-file', '/nowhere/at/all'], 'ENOENT'],
    [['--nonsense'], 'unknown option'],
  ])('refuses %j', async (args, message) => {
    expect(await run(...args)).toBe(1);
    expect(complained).toContain(message);
  });

  test('without an address says so', async () => {
    expect(await main(['run'])).toBe(1);
    expect(complained).toContain("required option '--url <ws url>' not specified");
  });
});
