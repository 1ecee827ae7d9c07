import { afterAll, beforeAll } from '@jest/globals';
import { Operator } from './operator.js';
import { Stations } from './stations.js';
import { System, type SystemOptions } from './system.js';

/** What runs for the tests of a file, once their hooks and tests do. */
export let system: System;
export let operator: Operator;
/** Those that the file makes by it are disconnected at its end. */
export let stations: Stations;

/** Starts a system before the first test of a file, and stops it after the last. Hooks that need it follow this call; what has to end before it stops precedes it. */
export function useSystem(options: SystemOptions = {}): void {
  beforeAll(async () => {
    system = await System.start(options);
    operator = await Operator.of(system);
    stations = new Stations(system);
  });
  afterAll(async () => {
    await stations?.disconnect();
    await operator?.close();
    await system?.stop();
  });
}
