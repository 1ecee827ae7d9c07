import { beforeAll, expect, test } from '@jest/globals';
import { acme } from '../session-fixture.js';
import { asker, useStores } from '../stores-fixture.js';
import { SightingStore } from './sighting-store.js';

let store: SightingStore;

useStores();
beforeAll(() => {
  store = new SightingStore(asker.database);
});

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
const seen = (station: string, second: number) => ({ ...acme(station), at: at(second) });

test('last-seen moves forward and never back', async () => {
  await asker.make('a');
  await store.note([seen('a', 5)]);
  expect(await asker.station('a')).toMatchObject({ lastSeenAt: at(5) });
  await store.note([seen('a', 4)]);
  expect(await asker.station('a')).toMatchObject({ lastSeenAt: at(5) });
  await store.note([seen('a', 6)]);
  expect(await asker.station('a')).toMatchObject({ lastSeenAt: at(6) });
});

test('of many sightings in a batch the latest counts, station by station, and unknown ones are left out', async () => {
  await asker.make('b', 'c');
  await store.note([seen('b', 1), seen('c', 8), seen('b', 9), seen('nobody', 3), seen('b', 4)]);
  expect(await asker.station('b')).toMatchObject({ lastSeenAt: at(9) });
  expect(await asker.station('c')).toMatchObject({ lastSeenAt: at(8) });
  expect(await asker.events('b')).toEqual([]);
});
