import { Presence } from '@ohmnibus/presence';
import { eventually } from '@ohmnibus/testkit';
import pg from 'pg';
import { contradictions } from './invariants/contradictions.js';
import { lostFacts, startsWithTwoNumbers, type Ledger } from './invariants/ledger.js';
import { unloggedFrames, type Recording } from './invariants/logged-frames.js';
import { ownershipDifferences } from './invariants/ownership.js';
import { Stored, type Queryable } from './invariants/stored.js';
import type { System } from './system.js';

/** What the outside saw of a run. */
export interface Witnessed {
  /** What stations were told is stored. */
  readonly acknowledged?: readonly Ledger[];
  /** Frames that must be in the message log; leave them out if a gateway was killed, which takes the last ones with it. */
  readonly frames?: readonly Recording[];
}

/** Gateways repair ownership in rounds of five seconds, and say again what session did not hear. */
const settleMs = 20_000;

/**
 * Throws, with a line for everything that is wrong, unless what holds after every story and every fault holds now: no acknowledged fact is
 * lost and none is stored twice; every reading belongs to one transaction or to none; ownership in Redis equals the open sockets, and the
 * online state in Postgres equals ownership; the message log has every frame. What takes its time to settle is waited for.
 */
export async function assertInvariants(system: Pick<System, 'kit' | 'metric' | 'pods'>, { acknowledged = [], frames = [] }: Witnessed = {}): Promise<void> {
  const database = new pg.Pool({ connectionString: system.kit.databaseUrl, max: 2 });
  const presence = await Presence.connect({ url: system.kit.redisUrl });
  try {
    const unsettled = async () => [
      ...(await ownershipDifferences({ database, presence, openSockets: await openSockets(system) })),
      ...(await unloggedFrames(frames, database)),
    ];
    const violations = [...(await brokenPromises(acknowledged, database)), ...(await settled(unsettled))];
    if (violations.length > 0) throw new Error(`${violations.length} invariants do not hold:\n${violations.join('\n')}`);
  } finally {
    await Promise.all([presence.close(), database.end()]);
  }
}

/** What the database alone can tell: facts that are lost, stored twice, or contradict each other. */
export async function brokenPromises(acknowledged: readonly Ledger[], database: Queryable): Promise<string[]> {
  const stored = await Stored.of(database, acknowledged.map(({ station }) => station));
  return [...lostFacts(acknowledged, stored), ...startsWithTwoNumbers(acknowledged, stored), ...(await contradictions(database))];
}

/** What is still different when everything had time to settle. */
async function settled(differences: () => Promise<string[]>): Promise<string[]> {
  let last: string[] = [];
  const agree = async () => (last = await differences()).length === 0;
  await eventually('ownership, online state and message log agree with the sockets', agree, { timeoutMs: settleMs, intervalMs: 100 }).catch((error: unknown) => {
    if (last.length === 0) throw error;
  });
  return last;
}

async function openSockets(system: Pick<System, 'metric' | 'pods'>): Promise<Map<string, number>> {
  const counts = [...system.pods()].map(async ([pod, gateway]) => [pod, await system.metric(gateway, 'connections')] as const);
  return new Map(await Promise.all(counts));
}
