import { beforeAll, expect, test } from '@jest/globals';
import { chargingStations, moreReadings, stopCharging } from '../chaos/charging-stations.js';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { wholeSystem } from '../system.js';
import type { SimulatedStation } from '@ohmnibus/simulator';

let charging: SimulatedStation[];

useSystem();
beforeAll(async () => {
  charging = await chargingStations(operator, stations);
});

test.each(wholeSystem)('%s ends with code 0 under traffic, and its successor goes on', async (name) => {
  await moreReadings(charging);
  const commands = charging.map(({ id }) => operator.send(id, 'ClearCache', {}, 5).catch(() => undefined));
  expect(await system.service(name).stop()).toEqual(expect.objectContaining({ code: 0, signal: null }));
  await system.startService(name);
  await Promise.all(commands);
  await moreReadings(charging);
});

test('nothing was lost, and no process told of a defect', async () => {
  await stopCharging(charging);
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
});
