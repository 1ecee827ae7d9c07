import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../../invariants.js';
import { operator, system, useSystem } from '../../running.js';
import type { SystemOptions } from '../../system.js';
import { CertifiedStation } from './certified-station.js';

export { operator, system };
const stations: CertifiedStation[] = [];

/** A driver that the operator knows. */
export const driver = 'DRIVER-1';

/** The whole system for the cases of one file. The last test is that nothing of what they did contradicts anything else. */
export function useCentralSystem(options: SystemOptions = {}): void {
  afterAll(async () => {
    await Promise.all(stations.map((station) => station.close().catch(() => undefined)));
  });
  useSystem(options);
  beforeAll(() => operator.accepts(driver));
}

/** To be called after the cases. */
export function invariantsHold(): void {
  test('and the invariants hold', async () => {
    await assertInvariants(system, { acknowledged: stations.map(({ ledger }) => ledger), frames: stations.map(({ recording }) => recording) });
    expect(stations.flatMap(({ errors }) => errors)).toEqual([]);
    expect(system.defects()).toEqual([]);
  });
}

/** A station of its own for a case, booted and accepted; they come in through both gateways. */
export async function bootedStation(id: string): Promise<CertifiedStation> {
  const station = new CertifiedStation(system.ocppUrl(stations.length % 2 === 0 ? 'gateway-1' : 'gateway-2'), id);
  stations.push(station);
  await operator.knows(id);
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  return station;
}

/** What the operator's API shows of the station's transactions, the oldest first. */
export async function transactions(station: string): Promise<Payload[]> {
  const { body } = await system.rest<{ items: Payload[] }>('GET', `/transactions?station=${station}`);
  return body.items.toReversed();
}

/** What the API shows of connector 1, once it is that. */
export function connectorShows(station: string, reported: string, more: Payload = {}): Promise<Payload> {
  return eventually(`connector 1 of ${station} is shown as ${reported}`, async () => {
    const { body } = await system.rest<{ connectors: Payload[] }>('GET', `/stations/${station}`);
    const connector = body.connectors.find(({ evse }) => evse === 1);
    if (connector?.['reported'] !== reported) return undefined;
    expect(connector).toMatchObject(more);
    return connector;
  });
}

/** A command over REST, answered with what the charge point said. */
export async function command(station: string, verb: string, body: Payload): Promise<Payload> {
  const { status, body: answer } = await system.rest('POST', `/stations/${station}/${verb}`, body);
  expect([verb, status]).toEqual([verb, 200]);
  return answer;
}

/** How a command ends that was answered with that status. */
export const answered = (state: string, status: string) => ({ state, result: { type: 'CALLRESULT', payload: { status } } });
