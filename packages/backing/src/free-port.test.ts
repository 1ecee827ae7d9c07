import { describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { freePort } from './free-port.js';

describe('a free port', () => {
  test('is another one each time, though nobody listens on the ones before yet', async () => {
    const ports = new Set<number>();
    for (let n = 0; n < 300; n++) ports.add(await freePort());
    expect(ports.size).toBe(300);
  });

  test('is the preferred one as long as that is free, and another one when it is not', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await freePort(port)).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
    expect([await freePort(port), await freePort(port)]).toEqual([port, port]);
  });
});
