import { afterEach, beforeEach } from '@jest/globals';
import type { StationOptions } from '../station-options.js';
import { createStation, type SimulatedStation } from '../station.js';
import { ManualClock } from './manual-clock.js';
import { TestCsms } from './test-csms.js';

/** What a test uses, once its hooks run. */
export let csms: TestCsms;
export let clock: ManualClock;
export let station: SimulatedStation;

/** Before each test of a file a station connects to a CSMS of the test's own; its time goes on by `clock` alone, nothing about it is random. */
export function useStation(options: Pick<StationOptions, 'id' | 'protocol'> & Partial<StationOptions>): void {
  beforeEach(async () => {
    csms = await TestCsms.listen();
    clock = new ManualClock();
    station = createStation({ url: csms.url, clock, random: () => 0.5, ...options });
    await station.connect();
  });
  afterEach(async () => {
    await station?.disconnect();
    await csms?.close();
  });
}
