import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { answered, bootedStation, command, connectorShows, invariantsHold, operator, system, useCentralSystem } from './certification.js';

useCentralSystem();

const online = async (station: string) => (await system.rest('GET', `/stations/${station}/connection`)).body['online'];

test.each([
  ['TC_013 Hard reset', 'TC-013', 'Hard'],
  ['TC_014 Soft reset', 'TC-014', 'Soft'],
] as const)('%s', async (_name, id, type) => {
  const station = await bootedStation(id);
  station.answer('Reset', { status: 'Accepted' });
  const before = await operator.rows<{ epoch: string }>('SELECT epoch FROM station WHERE id = $1', id);
  expect(await command(id, 'commands', { action: 'Reset', payload: { type } })).toMatchObject(answered('accepted', 'Accepted'));
  expect(station.asks('Reset')).toEqual([{ type }]);
  if (type === 'Hard') station.cut();
  else await station.close();
  await eventually(`${id} is shown as offline`, async () => (await online(id)) === false);
  expect(await station.boot()).toMatchObject({ status: 'Accepted', interval: expect.any(Number), currentTime: expect.any(String) });
  expect(await online(id)).toBe(true);
  await connectorShows(id, 'Available');
  const after = await operator.rows<{ epoch: string }>('SELECT epoch FROM station WHERE id = $1', id);
  expect(Number(after[0]!.epoch)).toBeGreaterThan(Number(before[0]!.epoch));
  // And it can be asked again.
  expect(await command(id, 'commands', { action: 'Reset', payload: { type } })).toMatchObject(answered('accepted', 'Accepted'));
  expect(await operator.rows('SELECT action, state, payload FROM command WHERE station = $1', id)).toEqual([1, 2].map(() => ({ action: 'Reset', state: 'accepted', payload: { type } })));
});

test('TC_013 A hard reset that cuts the socket before it is answered ends as lost, at once', async () => {
  const station = await bootedStation('TC-013-cut');
  station.answer('Reset', () => {
    station.cut();
    return new Promise(() => undefined);
  });
  const answer = await command('TC-013-cut', 'commands', { action: 'Reset', payload: { type: 'Hard' }, timeoutSeconds: 60 });
  expect(answer).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'connection-lost' } });
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  expect(station.asks('Reset')).toEqual([{ type: 'Hard' }]);
  expect(await operator.rows(`SELECT state, result FROM command WHERE station = 'TC-013-cut'`)).toEqual([{ state: 'unknown', result: { type: 'none', reason: 'connection-lost' } }]);
});

invariantsHold();
