import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFleet, localAddress } from './fleet.js';
import type { Fleet, FleetOptions } from './fleet.js';
import { eventually } from './test-support/eventually.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let fleet: Fleet | undefined;

beforeEach(async () => {
  csms = await TestCsms.listen();
});

afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  await csms.close();
});

function make(options: Partial<FleetOptions> = {}): Fleet {
  fleet = createFleet({ url: csms.url, count: 10, connectsPerSecond: 1_000, seed: 1, ...options });
  return fleet;
}

describe('a fleet', () => {
  test('connects every station under its own identity and password, in both versions', async () => {
    await make({ count: 4, idPrefix: 'T', protocol: 'mixed', password: (id) => `pw-${id}` }).start();
    const dialled = new Map(csms.upgrades.map(({ url, headers }) => [url, headers['sec-websocket-protocol']]));
    expect(dialled).toEqual(
      new Map([
        ['/ocpp/T-00001', 'ocpp1.6'],
        ['/ocpp/T-00002', 'ocpp2.0.1'],
        ['/ocpp/T-00003', 'ocpp1.6'],
        ['/ocpp/T-00004', 'ocpp2.0.1'],
      ]),
    );
    const passwords = csms.upgrades.map(({ headers }) => Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString());
    expect(passwords).toContain('T-00003:pw-T-00003');
    expect(fleet?.statistics()).toMatchObject({ stations: 4, online: 4, booted: 4, failedConnects: 0 });
  });

  test('lets drivers charge again and again, and counts', async () => {
    await make({ protocol: 'mixed', tokens: ['A', 'B'], chargeSeconds: 60, idleSeconds: 60, meterSeconds: 15, timeScale: 600 }).start();
    await eventually('thirty charges', () => (fleet?.statistics().chargesStopped ?? 0) >= 30);
    const { chargesStarted, calls, callErrors, timeouts, latencyMs } = fleet?.statistics() ?? {};
    expect(chargesStarted).toBeGreaterThanOrEqual(30);
    expect(calls).toBeGreaterThan(150);
    expect({ callErrors, timeouts }).toEqual({ callErrors: 0, timeouts: 0 });
    expect(latencyMs?.p99).toBeGreaterThan(0);
    // Drivers keep to stations of their own: B's are the ones that speak 2.0.1.
    expect(new Set(csms.of('StartTransaction').map(({ payload }) => payload['idTag']))).toEqual(new Set(['A']));
    expect(csms.of('MeterValues').length).toBeGreaterThan(10);
  });

  test('never has more stations on their way than allowed', async () => {
    const waiting: string[] = [];
    let most = 0;
    csms.on('BootNotification', ({ id }) => {
      most = Math.max(most, waiting.push(id));
      return undefined;
    });
    const started = make({ count: 8, maxOutstanding: 3 }).start();
    for (let left = 8; left > 0; left -= 1) {
      await eventually('as many boots as are allowed', () => waiting.length >= Math.min(3, left));
      csms.answer(waiting.shift() ?? '', { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 });
    }
    await started;
    expect(most).toBe(3);
  });

  test('tries refused stations again', async () => {
    csms.refuseWith = 503;
    const started = make({ count: 2 }).start();
    await eventually('two refusals', () => fleet?.statistics().failedConnects === 2);
    expect(fleet?.statistics().lastConnectError).toContain('503');
    csms.refuseWith = undefined;
    await started;
    expect(fleet?.statistics().booted).toBe(2);
  });

  test('closes every socket when it stops, in the middle of charges', async () => {
    await make({ tokens: ['A'], chargeSeconds: 3_600, idleSeconds: 1, timeScale: 10 }).start();
    await csms.received('StartTransaction', 5);
    await fleet?.stop();
    await eventually('the sockets to close', () => csms.openSockets === 0);
    expect(fleet?.statistics()).toMatchObject({ online: 0, booted: 0 });
  });

  test.each([0, 1.5, 50_001])('of %p stations is refused', (count) => {
    expect(() => make({ count })).toThrow(RangeError);
  });

  test('leaves from nine loopback addresses only when one has too few ports', () => {
    const addresses = (url: string, count: number): Set<string | undefined> =>
      new Set(Array.from({ length: 20 }, (_, index) => localAddress({ url, count }, index)));
    expect(addresses('ws://127.0.0.1:9000/ocpp', 20_000)).toEqual(new Set([undefined]));
    expect(addresses('wss://csms.example/ocpp', 30_000)).toEqual(new Set([undefined]));
    expect(addresses('ws://localhost:9000/ocpp', 20_001).size).toBe(9);
    expect(localAddress({ url: 'ws://127.0.0.1:9000/ocpp', count: 20_001 }, 8)).toBe('127.0.0.9');
  });
});
