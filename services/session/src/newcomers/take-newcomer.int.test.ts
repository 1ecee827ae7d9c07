import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCertificateAuthority, putTenantSettings } from '@ohmnibus/contracts';
import type { NewcomerPolicy } from '@ohmnibus/domain';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, TestAuthority, type Testkit } from '@ohmnibus/testkit';
import { X509Certificate } from 'node:crypto';
import { Asker, startedSession } from '../session-fixture.js';

let kit: Testkit;
let session: RunningParts;
let asker: Asker;

beforeAll(async () => {
  kit = await openTestkit();
  [session, asker] = await Promise.all([startedSession(kit, { NEWCOMERS: 'accept', LEAST_SECURITY_PROFILE: '1' }), Asker.open(kit)]);
});
afterAll(async () => {
  await asker.close();
  await session.stop();
  await kit.close();
});

const tenantSays = (newcomers: NewcomerPolicy) => asker.bus.ask(putTenantSettings, {}, { tenant: 'acme', newcomers, bootPolicy: null, onBootConfiguration: null, onBootLocalList: null });

describe('where more is asked for than a name, a newcomer', () => {
  test('that proves nothing is refused, and leaves no trace', async () => {
    await tenantSays('accept');
    const refusal = { verdict: 'unauthenticated', reason: expect.stringContaining('asks for a password, and none is stored for it') };
    await eventually('the setting is known', async () => (await asker.admit('made-up')).verdict === 'unauthenticated');
    expect(await asker.admit('made-up')).toEqual(refusal);
    expect(await asker.admit('made-up', 'any password')).toEqual(refusal);
    expect(await asker.station('made-up')).toBeNull();
    expect(await asker.events('made-up')).toEqual([]);
  });

  test('that has a certificate comes in, and is known', async () => {
    await tenantSays('accept');
    const authority = await TestAuthority.create('Root of newcomers');
    await asker.bus.ask(addCertificateAuthority, {}, { tenant: 'acme', purpose: 'Station', certificate: authority.certificate });
    const { raw: der } = new X509Certificate((await authority.issue({ commonName: 'certified' })).certificate);
    const come = () => asker.admit('certified', undefined, 'certified', { secure: true, certificate: { der, verdict: 'SUCCESS' } });
    await eventually('it is let in', async () => (await come()).verdict === 'admitted');
    expect(await asker.station('certified')).toMatchObject({ approval: 'approved' });
  });

  test('is shown to an operator where newcomers queue, for he may be the one to say how it can come in', async () => {
    await tenantSays('queue');
    await eventually('it waits', async () => {
      expect((await asker.admit('waits')).verdict).not.toBe('admitted');
      return (await asker.station('waits')) !== null;
    });
    expect(await asker.station('waits')).toMatchObject({ approval: 'waiting' });
  });
});
