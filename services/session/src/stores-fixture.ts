import { afterAll, beforeAll } from '@jest/globals';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker } from './session-fixture.js';

/** What the tests of a file use, once their hooks and tests run. */
export let kit: Testkit;
export let asker: Asker;

/** A database without the service, for the tests of a store. What has to end before it closes precedes this call. */
export function useStores(): void {
  beforeAll(async () => {
    kit = await openTestkit({ services: ['postgres', 'nats'] });
    asker = await Asker.open(kit);
  });
  afterAll(async () => {
    await asker?.close();
    await kit?.close();
  });
}
