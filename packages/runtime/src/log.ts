import { pino, stdTimeFunctions, type Logger } from 'pino';

/** Structured logs: an event name and its context, one JSON line each. Context names are fixed: tenant, station, messageId, action. */
export interface Log {
  debug(event: string, context?: object): void;
  info(event: string, context?: object): void;
  warn(event: string, context?: object): void;
  error(event: string, context?: object): void;
}

/** Writes to standard output. */
export function createLog(service: string, level: string, context: Record<string, unknown> = {}): Log {
  const output = pino.destination({ fd: process.stdout.fd, sync: true });
  const logger = pino(
    { level, base: { service, ...context }, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) }, serializers: { error: pino.stdSerializers.err } },
    output,
  );
  // Whoever read the log is gone. That is no reason to stop, and an error about it could not be logged either.
  output.on('error', () => {
    logger.level = 'silent';
  });
  return { debug: writer(logger, 'debug'), info: writer(logger, 'info'), warn: writer(logger, 'warn'), error: writer(logger, 'error') };
}

function writer(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error') {
  return (event: string, context: object = {}) => logger[level](context, event);
}
