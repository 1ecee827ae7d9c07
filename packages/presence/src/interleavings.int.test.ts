import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Presence } from './presence.js';
import { details } from './presence-fixture.js';
import type { HeldSocket } from './reconcile.js';
import type { PreviousOwner, Socket } from './station-record.js';
import { holderOf } from './station-record.js';
import { youngMs } from './station-scripts.js';
import { fixture, other, useTwoProcesses } from './two-processes-fixture.js';

useTwoProcesses();

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Has a pod close the socket that somebody took a station from; the request may get lost. */
type CloseOlder = (previous: PreviousOwner | undefined) => void;

/** A pod as the rules ask for it. */
class Pod {
  readonly open = new Map<string, HeldSocket>();
  readonly epochs: number[] = [];
  /** Ends with the last round that was asked for. */
  private rounds: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly presence: Presence,
    private readonly closeOlder: CloseOlder,
  ) {}

  /** @param gone whether the socket has closed by the time that the claim is answered */
  async claim(socket: Socket, gone: boolean): Promise<void> {
    const outcome = await this.presence.claim(socket, details);
    if (outcome.kind === 'superseded') return;
    const { epoch, previous } = outcome;
    this.epochs.push(epoch);
    this.closeOlder(previous);
    if (gone) await this.presence.release({ ...socket, epoch });
    else this.open.set(holderOf(socket), { ...socket, ...details, epoch });
  }

  /** The request of another socket's pod; it must not meet a socket whose newer epoch is on its way from the store. */
  async closeUpTo(previous: PreviousOwner): Promise<void> {
    await this.rounds;
    const socket = this.open.get(holderOf(previous));
    if (socket && socket.epoch <= previous.epoch) await this.close(socket);
  }

  /** The station hangs up, be a round going on or not. */
  async hangUp(socket: Socket): Promise<void> {
    const held = this.open.get(holderOf(socket));
    if (held) await this.close(held);
  }

  round(): Promise<void> {
    return (this.rounds = this.rounds.then(() => this.reconcile()));
  }

  private async close(socket: HeldSocket): Promise<void> {
    if (this.open.delete(holderOf(socket))) await this.presence.release(socket);
  }

  private async reconcile(): Promise<void> {
    await this.presence.refreshLiveness(this.name, 60_000);
    const held = [...this.open.values()];
    const verdicts = await this.presence.reconcile(held);
    for (const [i, verdict] of verdicts.entries()) {
      const socket = held[i]!;
      if (verdict.kind === 'close') await this.close(socket);
      if (verdict.kind !== 'renewed') continue;
      this.epochs.push(verdict.epoch);
      if (this.open.has(holderOf(socket))) this.open.set(holderOf(socket), { ...socket, epoch: verdict.epoch });
      this.closeOlder(verdict.previous);
    }
  }
}

/** One station, up to five sockets on two pods, their claims in any order; what is wrong at the end. */
async function play(seed: number): Promise<string[]> {
  const random = randomOf(seed);
  const station = { tenant: 'acme', station: `dice-${seed}` };
  const requests: Promise<void>[] = [];
  const pods: Record<string, Pod> = {};
  const closeOlder: CloseOlder = (previous) => {
    if (previous && random() > 0.3) requests.push(pods[previous.pod]!.closeUpTo(previous));
  };
  pods['pod-a'] = new Pod('pod-a', fixture.presence, closeOlder);
  pods['pod-b'] = new Pod('pod-b', other, closeOlder);
  const everyone = Object.values(pods);
  // Redis's clock is known to a few milliseconds, and it keeps no stamp that is ahead of it.
  const latest = fixture.presence.now() - 100;
  const sockets = Array.from({ length: 2 + Math.floor(random() * 4) }, (_, i) => ({
    ...station,
    pod: random() < 0.5 ? 'pod-a' : 'pod-b',
    connection: seed * 10 + i,
    acceptedAt: latest - Math.floor(random() * 6000),
    gone: random() < 0.1,
    hangsUp: random() < 0.1,
    turnsLate: Math.floor(random() * 4),
  }));
  await Promise.all(
    sockets.map(async ({ gone, hangsUp, turnsLate, ...socket }) => {
      for (let turn = 0; turn < turnsLate; turn++) await fixture.presence.ping();
      await pods[socket.pod]!.claim(socket, gone);
      const round = random() < 0.3 ? everyone[Math.floor(random() * 2)]!.round() : undefined;
      for (let turn = 0; turn < turnsLate; turn++) await new Promise(setImmediate);
      if (hangsUp) await pods[socket.pod]!.hangUp(socket);
      await round;
    }),
  );
  for (let round = 0; round < 3; round++) {
    await Promise.all(requests);
    for (const pod of everyone) await pod.round();
  }
  await Promise.all(requests);

  const left = everyone.flatMap((pod) => [...pod.open.values()]);
  const owner = await fixture.presence.owner(station);
  const wrong: string[] = [];
  if (left.length > 1) wrong.push('several sockets are left');
  if (!isDeepStrictEqual(left[0], owner)) wrong.push('the store does not name the socket that is left');
  const epochs = everyone.flatMap((pod) => pod.epochs);
  if (new Set(epochs).size < epochs.length) wrong.push('an epoch was given twice');
  const last = Math.max(...sockets.map((socket) => socket.acceptedAt));
  const candidates = sockets.filter((socket) => socket.acceptedAt >= last - youngMs);
  // One of those that are so close may have had the others closed before it went itself.
  const mayBeNone = candidates.some((socket) => socket.gone || socket.hangsUp);
  if (!mayBeNone && !candidates.some((socket) => owner && holderOf(socket) === holderOf(owner))) wrong.push('the owner is too old');
  return wrong.map((what) => `Seed ${seed}: ${what}`);
}

test('two pods that claim in any order end with one owner, accepted last or at most two seconds before', async () => {
  for (let first = 1; first <= 400; first += 20) {
    const wrong = await Promise.all(Array.from({ length: 20 }, (_, i) => play(first + i)));
    expect(wrong.flat()).toEqual([]);
  }
});
