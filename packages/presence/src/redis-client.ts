import { Redis } from 'ioredis';
import type { Result } from 'ioredis';
import { claimScript, ownersScript, reconcileScript, vacateScript } from './station-scripts.js';

/** What a script replies: Redis's time in ms, and the rest. */
export type ScriptReply = readonly [now: number, ...rest: (number | string)[]];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    findOwners(keys: number, ...stations: string[]): Result<string, Context>;
    claimStations(keys: number, ...keysAndArgs: (string | number)[]): Result<ScriptReply, Context>;
    vacateStation(key: string, ...args: (string | number)[]): Result<ScriptReply, Context>;
    reconcileStation(key: string, ...args: (string | number)[]): Result<ScriptReply, Context>;
  }
}

/** Told what happens to the connection, for the log. */
export type PresenceLog = (event: string, context: object) => void;

/**
 * A client that never does anything late: a command either leaves at once or fails, and is never sent a second time. It keeps on
 * reconnecting, for the commands that come later. Scripts travel by their hash.
 */
export function redisClient(url: string, commandTimeoutMs: number, log: PresenceLog): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    disconnectTimeout: 200,
    // A connection on which replies are due and nothing comes is given up: the other end may be gone without a word.
    socketTimeout: 2 * commandTimeoutMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), 1000) + Math.floor(Math.random() * 100),
    // After a failover the old primary is read-only: connect anew, to where the name leads now.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
    scripts: {
      findOwners: { lua: ownersScript },
      claimStations: { lua: claimScript },
      vacateStation: { lua: vacateScript, numberOfKeys: 1 },
      reconcileStation: { lua: reconcileScript, numberOfKeys: 1 },
    },
  });
  let ready = false;
  let reason: string | undefined;
  // Each attempt to reconnect fails with an error of its own; the log gets one line per loss.
  redis.on('error', (error: Error) => (reason = error.message));
  redis.on('ready', () => {
    ready = true;
    reason = undefined;
    log('redis-connected', {});
  });
  redis.on('close', () => {
    if (ready) log('redis-lost', { reason });
    ready = false;
  });
  return redis;
}
