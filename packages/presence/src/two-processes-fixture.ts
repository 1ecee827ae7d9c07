import { afterAll, beforeAll } from '@jest/globals';
import { openPresence, type PresenceFixture } from './presence-fixture.js';
import { Presence } from './presence.js';

export let fixture: PresenceFixture;
/** Of another process. */
export let other: Presence;

/** Two processes on one Redis, for the tests of one file. */
export function useTwoProcesses(): void {
  beforeAll(async () => {
    fixture = await openPresence();
    other = await Presence.connect({ url: fixture.kit.redisUrl });
  });
  afterAll(async () => {
    await other.close();
    await fixture.close();
  });
}
