import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { Operator } from '../operator.js';
import { Stations } from '../stations.js';
import { System } from '../system.js';
import { chargingStations, countUnanswered, moreReadings, stopCharging } from './charging-stations.js';

let system: System;
let operator: Operator;
let stations: Stations;

beforeAll(async () => {
  system = await System.start({ ownPostgres: true, only: ['session', 'transaction', 'gateway-1', 'gateway-2'] });
  operator = await Operator.of(system);
  stations = new Stations(system);
}, 60_000);
afterAll(async () => {
  await stations?.disconnect();
  await operator?.close();
  await system?.stop();
}, 60_000);

test('facts get an error while Postgres is away, and are stored once when it is back', async () => {
  const charging = await chargingStations(operator, stations);
  await moreReadings(charging);
  const unanswered = countUnanswered(charging);
  await system.kit.postgres!.crash();
  await eventually('facts of every station were answered with an error', () => unanswered.count >= charging.length, { timeoutMs: 15_000 });
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
}, 60_000);
