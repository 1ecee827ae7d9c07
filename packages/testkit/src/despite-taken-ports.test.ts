import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { despiteTakenPorts } from './despite-taken-ports.js';

const open: Server[] = [];

/** Resolves with the port; rejects if it is taken. */
async function listen(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

let taken: number;
beforeEach(async () => {
  taken = await listen(0);
});
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describe('what needs free ports', () => {
  test('is done again with another one where the first is taken', async () => {
    const wanted = [taken, 0];
    expect(await despiteTakenPorts(() => listen(wanted.shift()!))).not.toBe(taken);
    expect(wanted).toEqual([]);
  });

  test('fails in the end if they are always taken, and at once for another reason', async () => {
    let attempts = 0;
    const listens = (port: number) => despiteTakenPorts(() => (attempts++, listen(port)));
    await expect(listens(taken)).rejects.toThrow('EADDRINUSE');
    expect(attempts).toBe(3);
    await expect(despiteTakenPorts(() => (attempts++, Promise.reject(new Error('no database'))))).rejects.toThrow('no database');
    expect(attempts).toBe(4);
  });
});
