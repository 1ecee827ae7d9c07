import { afterAll, beforeAll } from '@jest/globals';
import type { RunningParts } from '@ohmnibus/runtime';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, startedSession } from './session-fixture.js';

/** What the tests of a file use, once their hooks and tests run. */
export let kit: Testkit;
export let asker: Asker;

/**
 * Starts a session service before the first test of a file, and stops it after the last. Hooks that need it follow this call; what has to
 * end before it stops precedes it.
 */
export function useSession(env: Record<string, string> = {}): void {
  let session: RunningParts | undefined;
  beforeAll(async () => {
    kit = await openTestkit();
    [session, asker] = await Promise.all([startedSession(kit, env), Asker.open(kit)]);
  });
  afterAll(async () => {
    await asker?.close();
    await session?.stop();
    await kit?.close();
  });
}
