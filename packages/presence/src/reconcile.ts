import type { ChainableCommander, Redis } from 'ioredis';
import { repliesOf } from './execute-pipeline.js';
import type { Liveness } from './liveness.js';
import type { SocketsInMotion } from './sockets-in-motion.js';
import type { OwnerDetails, PreviousOwner, Socket } from './station-record.js';
import { detailsOf, holderOf, parseHolder, previousOwner, stationKey } from './station-record.js';
import type { TurnBatch } from './turn-batch.js';

/** Keeps the turns of the event loop short and the replies small. */
const batchSize = 1000;

export type HeldSocket = Socket & OwnerDetails & { epoch: number };

/** What to do about a held socket. */
export type ReconcileVerdict =
  /** Nothing: the store names it at its epoch. */
  | { kind: 'mine' }
  /** Nothing: the store had lost it and names it again, at the same epoch. */
  | { kind: 'restored' }
  /** Close it: the station has connected again since, and that socket took the station. */
  | { kind: 'close' }
  /** It has this newer epoch from now on. If `previous` is there, an older socket had taken the station: have that one closed. */
  | { kind: 'renewed'; epoch: number; previous: PreviousOwner | undefined };

interface Parts {
  readonly redis: Redis;
  readonly batch: TurnBatch;
  readonly liveness: Liveness;
  readonly motion: SocketsInMotion;
  readonly generation: number;
  /** Empties the owner if it is this socket. */
  vacate(socket: HeldSocket): Promise<void>;
}

/** Compares held sockets with the store, in batches of reads, and runs a script only for those that differ. */
export async function reconcile(parts: Parts, held: readonly HeldSocket[]): Promise<ReconcileVerdict[]> {
  return parts.motion.during(async ({ claimed, released }) => {
    const verdicts: ReconcileVerdict[] = [];
    const known = new Known(held, claimed);
    for (let start = 0; start < held.length; start += batchSize) {
      verdicts.push(...(await reconcileBatch(parts, held.slice(start, start + batchSize), known)));
    }
    // The release of a socket that closed meanwhile may have met the store as it was before the script put the socket there.
    const written = held.filter((_, i) => verdicts[i]!.kind === 'restored' || verdicts[i]!.kind === 'renewed');
    await Promise.all(written.filter((socket) => released.has(holderOf(socket))).map((socket) => parts.vacate(socket)));
    return verdicts;
  });
}

async function reconcileBatch(parts: Parts, held: readonly HeldSocket[], known: Known): Promise<ReconcileVerdict[]> {
  const { redis, liveness } = parts;
  const pods = new Set(held.map((socket) => socket.pod));
  liveness.assert(pods);
  const pipeline: ChainableCommander = redis.pipeline();
  for (const socket of held) pipeline.hmget(stationKey(socket), 'owner', 'epoch');
  const stored = (await repliesOf(redis, pipeline)) as [string | null, string | null][];
  liveness.assert(pods);
  const verdicts = held.map((): ReconcileVerdict => ({ kind: 'mine' }));
  const differing: Promise<void>[] = [];
  held.forEach((socket, i) => {
    const [holder, epoch] = stored[i]!;
    if (holder === holderOf(socket) && epoch === String(socket.epoch)) return;
    const dead = holder !== null && known.isDead(holder, pods) ? holder : '';
    differing.push(settle(parts, socket, dead).then((verdict) => void (verdicts[i] = verdict)));
  });
  await Promise.all(differing);
  return verdicts;
}

async function settle({ batch, generation }: Parts, socket: HeldSocket, dead: string): Promise<ReconcileVerdict> {
  const { epoch, acceptedAt } = socket;
  const reply = await batch.script((redis) =>
    redis.reconcileStation(stationKey(socket), holderOf(socket), epoch, acceptedAt, detailsOf(socket), generation, dead),
  );
  const [, kind, newEpoch, holder, holderEpoch] = reply as readonly [number, ReconcileVerdict['kind'], number, string, number];
  if (kind !== 'renewed') return { kind };
  return { kind, epoch: newEpoch, previous: previousOwner(holder, holderEpoch) };
}

/** The sockets that this pod holds or is just claiming for. */
class Known {
  private holders: Set<string> | undefined;

  constructor(
    private readonly held: readonly HeldSocket[],
    private readonly claimed: ReadonlySet<string>,
  ) {}

  /** Whether the store names a connection of these pods that is not there: its claim ran after it had closed. */
  isDead(holder: string, pods: ReadonlySet<string>): boolean {
    if (!pods.has(parseHolder(holder).pod)) return false;
    this.holders ??= new Set(this.held.map(holderOf));
    return !this.holders.has(holder) && !this.claimed.has(holder);
  }
}
