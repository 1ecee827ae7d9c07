import { serveAdmin, type ReadinessCheck } from './admin-server.js';
import { setHeapFlags } from './heap.js';
import { createLog, type Log } from './log.js';
import { Metrics } from './metrics.js';

export interface ServiceContext {
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface RunningParts {
  /** What must answer for this process to be ready. */
  readonly checks: Record<string, ReadinessCheck>;
  /** Takes no new work, finishes what is in work, lets go of everything. */
  readonly stop: () => Promise<void>;
  /** For the log line that says it is up. */
  readonly listening?: Record<string, unknown>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly config: { readonly ADMIN_HOST: string; readonly ADMIN_PORT: number; readonly LOG_LEVEL: string };
  readonly start: (context: ServiceContext) => Promise<RunningParts>;
  /** After it the process ends even if something is still in work. */
  readonly stopTimeoutMs?: number;
}

/**
 * The life of a process: start, be ready, and on SIGTERM or SIGINT stop in order with exit code 0. A start that fails, an unhandled error
 * or a stop that takes too long ends it with exit code 1.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  setHeapFlags();
  const log = createLog(options.name, options.config.LOG_LEVEL);
  const metrics = new Metrics(options.name);
  let stopping = false;
  let parts: RunningParts | undefined;
  const die = (event: string) => (error: unknown) => {
    log.error(event, { error });
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught-exception'));
  process.on('unhandledRejection', die('unhandled-rejection'));

  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    setTimeout(die('stop-timed-out'), options.stopTimeoutMs ?? 30_000).unref();
    await parts?.stop();
    await admin.close();
    log.info('stopped');
    process.exit(0);
  };
  const checks: Record<string, ReadinessCheck> = {
    running: () => {
      if (stopping) throw new Error('stopping');
      if (!parts) throw new Error('starting');
    },
  };
  const admin = await serveAdmin({ host: options.config.ADMIN_HOST, port: options.config.ADMIN_PORT, metrics, checks }).catch(die('start-failed'));
  if (!admin) return;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal).catch(die('stop-failed')));
  try {
    parts = await options.start({ log, metrics });
    Object.assign(checks, parts.checks);
    log.info('started', { adminPort: admin.port, ...parts.listening });
  } catch (error) {
    die('start-failed')(error);
  }
}
