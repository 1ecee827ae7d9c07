import { afterAll, beforeAll, expect } from '@jest/globals';
import { Bus, type Serving } from '@ohmnibus/bus';
import { gatewayCall, sendCommand, type GatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import { Fault, type ProtocolVersion } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import { createLog, Metrics, type RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { startService } from './start-service.js';

export const tenant = 'default';
export const filesSecret = 'the secret of links in tests';
let kit: Testkit;
/** Of the test, not of the service. */
export let bus: Bus;
export let presence: Presence;
export let database: Database;
/** The service's processes, of which a test may take some away. */
export const services: RunningParts[] = [];
let made = 0;

/** A name that no other station or pod of this file has. */
export function fresh(kind: 'CS' | 'pod'): string {
  return `${kind}-${++made}`;
}

/** Two processes of the service, with all that they need, for the tests of one file. */
export function useCommandService(): void {
  beforeAll(async () => {
    kit = await openTestkit();
    bus = await Bus.connect({ url: kit.natsUrl, name: 'test' });
    presence = await Presence.connect({ url: kit.redisUrl });
    database = new Database({ url: kit.databaseUrl, name: 'test' });
    services.push(await anotherProcess(), await anotherProcess());
  });

  afterAll(async () => {
    for (const service of services) await service.stop();
    await Promise.all([bus.close(), presence.close(), database.close()]);
    await kit.close();
  });
}

/** Where the service's database is. */
export function databaseUrl(): string {
  return kit.databaseUrl;
}

/** A second one tells what two processes do to each other. */
export function anotherProcess(): Promise<RunningParts> {
  const settings = {
    NATS_URL: kit.natsUrl,
    REDIS_URL: kit.redisUrl,
    DATABASE_URL: kit.databaseUrl,
    DATABASE_POOL_SIZE: 4,
    COMMAND_OVERDUE_CHECK_SECONDS: 1,
    COMMAND_SETTLE_SECONDS: 1,
    COMMAND_STOP_GRACE_SECONDS: 1,
    FILES_SECRET: filesSecret,
    FILES_PUBLIC_URL: 'https://files.example.com',
    FILES_LINK_HOURS: 2,
  };
  return startService(settings, { log: createLog('command', 'silent'), metrics: new Metrics('command') });
}

export interface Pod {
  readonly name: string;
  readonly calls: GatewayCall[];
  readonly serving: Serving;
}

/** A gateway pod as the command service sees one: somebody who answers its contract. */
export async function pod(answer: (call: GatewayCall, nth: number) => GatewayCallOutcome | Promise<GatewayCallOutcome>): Promise<Pod> {
  const name = fresh('pod');
  const calls: GatewayCall[] = [];
  const serving = bus.serve(gatewayCall, { pod: name }, (call) => {
    calls.push(call);
    return answer(call, calls.length);
  });
  await bus.connection.flush();
  await presence.refreshLiveness(name, 60_000);
  return { name, calls, serving };
}

/** Puts a station's socket on a pod. */
export async function connect(podName: string, protocol: ProtocolVersion = 'v16', station = fresh('CS')): Promise<{ station: string; epoch: number }> {
  const socket = { tenant, station, pod: podName, connection: ++made, acceptedAt: presence.now() };
  const claim = await presence.claim(socket, { protocol, remoteAddress: '127.0.0.1', since: Date.now() });
  if (claim.kind !== 'owned') throw new Error('superseded');
  return { station, epoch: claim.epoch };
}

export const result = (payload: object): GatewayCallOutcome => ({ kind: 'result', payload: JSON.stringify(payload) });
export const accepting = () => result({ status: 'Accepted' });
export const never = () => new Promise<never>(() => undefined);

export function send(station: string, more: object = {}) {
  return bus.ask(sendCommand, {}, { tenant, station, action: 'Reset', payload: { type: 'Soft' }, timeoutSeconds: 5, ...more });
}

/** Its row, which may come a moment after the answer. */
export function stored(id: string) {
  return eventually('the row of a command', () => database.prisma.command.findUnique({ where: { id } }));
}

export async function rejection(promise: Promise<unknown>): Promise<Fault> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Fault);
  return outcome as Fault;
}
