import { describe, expect, test } from '@jest/globals';
import type { SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { protocols } from '../stations.js';

// Patience as short as it goes, and long enough for a station that is back to say its own word first.
useSystem({ env: { transaction: { RECONCILE_GRACE_SECONDS: '3', RECONCILE_CHECK_SECONDS: '1', RECONCILE_COMPARE_SECONDS: '1' } } });

type Transaction = Record<string, unknown>;

async function only(station: string, expected: (transaction: Transaction) => boolean): Promise<Transaction> {
  return eventually(
    `the charge of ${station} is on record as expected`,
    async () => {
      const { body } = await system.rest<{ items: Transaction[] }>('GET', `/transactions?station=${station}`);
      expect(body.items.length).toBeLessThanOrEqual(1);
      return body.items[0] && expected(body.items[0]) ? body.items[0] : undefined;
    },
    { timeoutMs: 20_000 },
  );
}

/** A station that charges, and has been measured once. */
async function charging(id: string, protocol: (typeof protocols)[number]): Promise<SimulatedStation> {
  await operator.knows(id);
  await operator.accepts(`CAR-${id}`);
  const station = stations.make('gateway-1', { id, protocol, timeScale: 3_600 });
  await station.connect();
  await station.startCharge({ evse: 1, token: `CAR-${id}` });
  await eventually('the car charges', () => station.status.get(1) === 'Charging');
  await station.reportMeter(1);
  await only(id, ({ open }) => open === true);
  return station;
}

describe.each(protocols)('a station that speaks %s and loses its power in a charge', (protocol) => {
  test('ends it by its own word when it is back', async () => {
    const station = await charging(`POWER-${protocol}`, protocol);
    station.cut({ powerLoss: true });
    expect(await only(station.id, ({ open, endKind }) => open === false && endKind === 'reported')).toMatchObject({ stopReason: protocol === 'ocpp1.5' ? null : 'PowerLoss', endedAbnormally: false, endInferredAt: null });
  });

  test('and its memory of it leaves a charge that is ended for it, on the last reading', async () => {
    const station = await charging(`FORGET-${protocol}`, protocol);
    station.cut({ powerLoss: true, forgetful: true });
    await eventually('the station is back', () => station.online);
    await station.unplug(1);
    const ended = await only(station.id, ({ open }) => open === false);
    expect(ended).toMatchObject({ endKind: 'inferred', endedAbnormally: true, endCause: expect.stringMatching(/^(station-booted|connector-available)$/), times: { end: { reported: null } } });
    const { body } = await system.rest<{ items: { at: string; values: { value: number; measurand?: string }[] }[] }>('GET', `/transactions/${String(ended['id'])}/samples`);
    const last = body.items.at(-1)!;
    expect([ended['endedAt'], ended['endWh']]).toEqual([last.at, last.values.find(({ measurand }) => measurand === undefined)!.value]);
    // The next driver finds a connector that is free.
    await station.startCharge({ evse: 1, token: `CAR-${station.id}` });
  });
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
});
