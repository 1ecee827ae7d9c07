import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStation, type SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { randomBytes } from 'node:crypto';
import { operator, system, useSystem } from '../running.js';
import { apiKey } from '../system.js';

const versions = ['ocpp1.5', 'ocpp1.6'] as const;
const idOf = (protocol: string) => `FILES-${protocol}`;
const stations = new Map<string, SimulatedStation>();

afterAll(async () => {
  for (const station of stations.values()) await station.disconnect();
});
useSystem();
beforeAll(async () => {
  await operator.knows(...versions.map(idOf));
  for (const [i, protocol] of versions.entries()) {
    const station = createStation({ url: system.ocppUrls[i]!, id: idOf(protocol), protocol, restartMs: 50 });
    await station.connect();
    stations.set(protocol, station);
  }
});

interface Job {
  readonly state: string;
  readonly fileName?: string;
  readonly files?: { readonly name: string }[];
  readonly reports: { readonly status: string }[];
}

const withKey = (path: string, init: RequestInit = {}) => fetch(`${system.apiUrl}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${apiKey}` } });

/** How the job ended that this order began. */
async function done(protocol: string, kind: 'firmware-updates' | 'log-uploads', body: object): Promise<Job & { id: string }> {
  const { body: outcome } = await system.rest<{ id: string; state: string }>('POST', `/stations/${idOf(protocol)}/${kind}`, body);
  expect(outcome).toMatchObject({ state: 'accepted' });
  const job = await eventually(`the end of ${kind} of ${protocol}`, async () => {
    const { body: seen } = await system.rest<Job>('GET', `/${kind}/${outcome.id}`);
    return ['succeeded', 'failed'].includes(seen.state) && seen;
  });
  return { ...job, id: outcome.id };
}
const history = ({ reports }: Job) => reports.map(({ status }) => status).toReversed();

test.each(versions)('a %s station uploads its log here without being told where, and the operator reads it', async (protocol) => {
  const job = await done(protocol, 'log-uploads', {});
  expect(job.state).toBe('succeeded');
  expect(history(job)).toEqual(protocol === 'ocpp1.5' ? ['Uploaded'] : ['Uploading', 'Uploaded']);
  expect(job.files?.map(({ name }) => name)).toEqual([job.fileName]);
  const read = await withKey(`/log-uploads/${job.id}/file`);
  expect(await read.text()).toMatch(new RegExp(`diagnostics log of ${idOf(protocol)}\nfirmware 1.0.0\nEVSE 1 Available\n$`));
});

test.each(versions)('a %s station fetches an image of the operator\'s and boots into it', async (protocol) => {
  const name = `wallbox-${protocol}-v2.bin`;
  expect((await withKey(`/firmware/${name}`, { method: 'PUT', body: randomBytes(500_000) })).status).toBe(201);
  const job = await done(protocol, 'firmware-updates', { image: name });
  expect([job.state, history(job)]).toEqual(['succeeded', protocol === 'ocpp1.5' ? ['Downloaded', 'Installed'] : ['Downloading', 'Downloaded', 'Installing', 'Installed']]);
  expect((await system.rest('GET', `/stations/${idOf(protocol)}`)).body).toMatchObject({ online: true, firmwareVersion: name.replace('.bin', '') });
});

test('a download that the operator takes back fails, and the job says so', async () => {
  const name = 'withdrawn.bin';
  await withKey(`/firmware/${name}`, { method: 'PUT', body: 'x' });
  stations.get('ocpp1.6')!.onCall('UpdateFirmware', async (_payload, builtIn) => {
    await withKey(`/firmware/${name}`, { method: 'DELETE' });
    return builtIn();
  });
  const job = await done('ocpp1.6', 'firmware-updates', { image: name });
  expect([job.state, history(job)]).toEqual(['failed', ['Downloading', 'DownloadFailed']]);
});

test('the security log goes another way and arrives all the same', async () => {
  const job = await done('ocpp1.6', 'log-uploads', { log: 'security' });
  expect([job.state, history(job)]).toEqual(['succeeded', ['Uploading', 'Uploaded']]);
  expect(await (await withKey(`/log-uploads/${job.id}/file`)).text()).toContain('security log of');
});

test('a 1.5 station has no security log to ask for', async () => {
  const { body } = await system.rest('POST', `/stations/${idOf('ocpp1.5')}/log-uploads`, { log: 'security' });
  expect(body).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'unsupported' } });
});

test('every progress is an event for others, in its order, and nothing is a defect', async () => {
  const rows = await eventually('the events are on their way', async () => {
    const left = await operator.rows('SELECT 1 FROM outbox');
    return left.length === 0 && [true];
  });
  expect(rows).toEqual([true]);
  // A link is a secret: no log line shows one.
  const lines = [...system.services.values()].flatMap((service) => service.lines);
  expect(lines.filter((line) => /\/files\/(get|put)\//.test(line))).toEqual([]);
  expect(lines.some((line) => line.includes('"msg":"file-received"'))).toBe(true);
  expect(system.defects()).toEqual([]);
});
