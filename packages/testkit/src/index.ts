export { freePort } from '@ohmnibus/backing';
export { eventually } from './eventually.js';
export type { EventuallyOptions } from './eventually.js';
export type { FallibleServer } from './fallible-server.js';
export { spawnService } from './spawn-service.js';
export type { RunningService, SpawnOptions } from './spawn-service.js';
export { testUnless } from './test-unless.js';
export { openTestkit } from './testkit.js';
export type { Testkit, TestkitOptions } from './testkit.js';
