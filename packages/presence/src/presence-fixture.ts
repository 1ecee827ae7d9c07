import { openTestkit } from '@ohmnibus/testkit';
import type { Testkit } from '@ohmnibus/testkit';
import { Redis } from 'ioredis';
import { Presence } from './presence.js';
import type { OwnerDetails, Socket } from './station-record.js';

export const details: OwnerDetails = { protocol: 'v16', remoteAddress: '203.0.113.7', since: 1_750_000_000_000 };

/** How long the fixture's presence waits for Redis, in milliseconds. */
export const commandTimeoutMs = 2_000;
/** What is known of Redis's clock is known to a few milliseconds: a socket that is accepted now would lie ahead of it half of the time. */
const marginMs = 100;

/** A Redis for one test file, a presence on it, and a plain client to look behind the presence's back. */
export interface PresenceFixture {
  readonly kit: Testkit;
  readonly presence: Presence;
  readonly redis: Redis;
  /** A socket of a new station, accepted this long ago; by default a moment. */
  socket(over?: Partial<Socket> & { ageMs?: number }): Socket;
  /** Claims and expects to own; the epoch. */
  own(socket: Socket): Promise<number>;
  close(): Promise<void>;
}

export async function openPresence(): Promise<PresenceFixture> {
  const kit = await openTestkit({ services: ['redis'] });
  const presence = await Presence.connect({ url: kit.redisUrl, commandTimeoutMs });
  const redis = new Redis(kit.redisUrl);
  redis.on('error', () => {});
  let made = 0;
  return {
    kit,
    presence,
    redis,
    socket({ ageMs = marginMs, ...over } = {}) {
      made++;
      return { tenant: 'acme', station: `CP-${made}`, pod: 'pod-a', connection: made, acceptedAt: presence.now() - ageMs, ...over };
    },
    async own(socket) {
      const outcome = await presence.claim(socket, details);
      if (outcome.kind !== 'owned') throw new Error(`Connection ${socket.connection} is ${outcome.kind}`);
      return outcome.epoch;
    },
    async close() {
      redis.disconnect();
      await presence.close();
      await kit.close();
    },
  };
}
