import { createServer } from 'node:net';

/** Given out by this process, which may not listen there yet. */
const given = new Set<number>();
/** Processes that look for ports at the same time look in different places, unless they are one of so many. */
const places = 8;
/** After so many ports that will not do any port does. */
const patience = 1_000;

/** A TCP port on the loopback interface that was free a moment ago, another one each time; `preferred` where that one is free. */
export async function freePort(preferred = 0): Promise<number> {
  if (preferred !== 0 && (await isFree(preferred))) return preferred;
  for (let misses = 0; ; misses++) {
    const port = await probe(0);
    // The last bit says nothing: Linux has odd numbers for those who listen and even ones for those who connect.
    const isOurs = !given.has(port) && (port >> 1) % places === process.pid % places;
    if (!isOurs && misses < patience) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return probe(port).then(
    () => true,
    () => false,
  );
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no address'))));
    });
  });
}
