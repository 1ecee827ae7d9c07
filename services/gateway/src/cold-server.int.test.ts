import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { eventually, spawnService } from '@ohmnibus/testkit';
import { ThinStation } from './pod-fixture.js';

const script = fileURLToPath(new URL('../dist/cold-server-fixture.js', import.meta.url));
const servers = 16;
const atOnce = 4;
const stationsEach = 8;

/** How the first stations of a fresh process lose their sockets, if they do: the close codes other than the one that they asked for. */
async function lossesOfAFreshServer(): Promise<number[]> {
  const server = await spawnService('cold-server', { script });
  const port = await eventually('its port', () => server.lines.map((line) => /^port (\d+)$/.exec(line)?.[1]).find(Boolean));
  const losses: number[] = [];
  for (let i = 0; i < stationsEach; i++) {
    const station = await ThinStation.connect(`ws://127.0.0.1:${port}/ocpp/CS${i}`);
    station.send(2, 'said', 'Heartbeat', {});
    const closed = station.closed.then(({ code }) => code);
    const heard = eventually('its frame', () => station.frames.length > 0);
    const code = await Promise.race([closed, heard.then(() => undefined)]);
    if (code !== undefined) losses.push(code);
    heard.catch(() => undefined);
    await station.close();
  }
  await server.stop();
  return losses;
}

test('the first stations of a process keep their sockets while V8 begins to compile the upgrade', async () => {
  // What goes wrong depends on what memory happens to hold: one process in three showed it.
  const losses: number[] = [];
  for (let i = 0; i < servers; i += atOnce) losses.push(...(await Promise.all(Array.from({ length: atOnce }, lossesOfAFreshServer))).flat());
  expect(losses).toEqual([]);
});
