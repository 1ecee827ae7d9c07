import { linksPath } from '@ohmnibus/files';
import { latencyBuckets, type Log, type Metrics } from '@ohmnibus/runtime';
import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { holderOf } from './api-key-guard.js';

/** Gives each request an id, which the caller may choose, and tells the log and the metrics how it went. */
export function observeRequests(log: Log, metrics: Metrics): (request: Request, response: Response, next: NextFunction) => void {
  const histogram = metrics.histogram('api_request_seconds', 'Time from a request to its answer', ['method', 'route', 'status'], latencyBuckets);
  return (request, response, next) => {
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
    response.setHeader('x-request-id', requestId);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      // 499: the client went away before the answer.
      const status = response.writableFinished ? response.statusCode : 499;
      const { method } = request;
      histogram.observe({ method, route, status: String(status) }, seconds);
      log.info('request', { requestId, method, path: loggedPath(request), route, status, ms: Math.round(seconds * 1000), tenant: holderOf(request)?.tenant });
    });
    next();
  };
}

/** A link to a file is a secret until it expires; which file it is to is logged by whoever opens it. */
function loggedPath({ originalUrl }: Request): string | undefined {
  return originalUrl.startsWith(`${linksPath}/`) ? linksPath : originalUrl.split('?')[0];
}
