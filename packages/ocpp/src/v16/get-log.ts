import { found, logUploadOrdered, uploadLog, type LogKind } from '@ohmnibus/domain';
import { locationSecrets } from '../location-secrets.js';
import { statusVerdict } from '../message.js';
import { readTime, writeTime } from '../validation.js';
import { toStation, type Request } from './dialect.js';

type LogType = Request<'GetLog'>['logType'];
const types: Record<LogKind, LogType> = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog' };
const kinds: Record<LogType, LogKind> = { DiagnosticsLog: 'diagnostics', SecurityLog: 'security' };

const toVerdict = statusVerdict('Accepted', 'AcceptedCanceled');

/** Asks for a log, of the security extension; the only message for the security log. `AcceptedCanceled`: instead of the upload under way. */
export const getLog = toStation('GetLog', uploadLog).translate({
  toRequest: ({ log, requestId, location, from, to, retries, retryIntervalSeconds }) => ({
    logType: types[log],
    requestId,
    retries,
    retryInterval: retryIntervalSeconds,
    log: { remoteLocation: location, oldestTimestamp: from && writeTime(from), latestTimestamp: to && writeTime(to) },
  }),
  toVerdict,
  toFinding: ({ logType, requestId, retries, retryInterval, log: { remoteLocation, oldestTimestamp, latestTimestamp } }, reply) =>
    found(logUploadOrdered, {
      order: {
        requestId,
        log: kinds[logType],
        location: remoteLocation,
        from: oldestTimestamp === undefined ? undefined : readTime(oldestTimestamp),
        to: latestTimestamp === undefined ? undefined : readTime(latestTimestamp),
        retries,
        retryIntervalSeconds: retryInterval,
      },
      accepted: toVerdict(reply).accepted,
      answer: reply.status,
      cancelsOthers: reply.status === 'AcceptedCanceled',
      fileName: reply.filename,
    }),
  secrets: locationSecrets('log', 'remoteLocation'),
});
