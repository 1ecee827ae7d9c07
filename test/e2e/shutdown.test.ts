import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chargingStations, moreReadings, stopCharging } from '../chaos/charging-stations.js';
import { assertInvariants } from '../invariants.js';
import { Operator } from '../operator.js';
import { Stations } from '../stations.js';
import { System, wholeSystem } from '../system.js';
import type { SimulatedStation } from '@ohmnibus/simulator';

let system: System;
let operator: Operator;
let stations: Stations;
let charging: SimulatedStation[];

beforeAll(async () => {
  system = await System.start();
  operator = await Operator.of(system);
  stations = new Stations(system);
  charging = await chargingStations(operator, stations);
}, 60_000);
afterAll(async () => {
  await stations?.disconnect();
  await operator?.close();
  await system?.stop();
}, 60_000);

test.each(wholeSystem)('%s ends with code 0 under traffic, and its successor goes on', async (name) => {
  await moreReadings(charging);
  const commands = charging.map(({ id }) => operator.send(id, 'ClearCache', {}, 5).catch(() => undefined));
  expect(await system.service(name).stop()).toEqual(expect.objectContaining({ code: 0, signal: null }));
  await system.startService(name);
  await Promise.all(commands);
  await moreReadings(charging);
}, 60_000);

test('nothing was lost, and no process told of a defect', async () => {
  await stopCharging(charging);
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
}, 60_000);
