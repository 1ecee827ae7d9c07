import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { chargingStations, countUnanswered, moreReadings, stopCharging } from './charging-stations.js';

useSystem({ ownPostgres: true, only: ['session', 'transaction', 'gateway-1', 'gateway-2'] });

test('facts get an error while Postgres is away, and are stored once when it is back', async () => {
  const charging = await chargingStations(operator, stations);
  await moreReadings(charging);
  const unanswered = countUnanswered(charging);
  await system.kit.postgres!.crash();
  // A station has one fact under way at a time: none of before is answered after that.
  await eventually('facts of every station were answered with an error', () => unanswered.stations.size === charging.length);
  const errors = stations.recordings.map(({ frames }) => frames.filter(({ direction, text }) => direction === 'received' && text.startsWith('[4,')));
  expect(errors.flat().every(({ text }) => text.includes('"InternalError"'))).toBe(true);
  const promised = charging.map(({ acknowledged }) => acknowledged.length);
  await eventually('more facts wait at every station', () => charging.every(({ queued }) => queued > 2));
  expect(charging.map(({ acknowledged }) => acknowledged.length)).toEqual(promised);

  await system.kit.postgres!.start();
  await moreReadings(charging);
  await stopCharging(charging);
  expect(charging.map(({ connected }) => connected)).toEqual(charging.map(() => true));
  // The message log may lose its last half second with the server; facts may not.
  await assertInvariants(system, { acknowledged: stations.ledgers });
});
