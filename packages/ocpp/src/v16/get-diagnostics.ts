import { found, logUploadOrdered, uploadLog } from '@ohmnibus/domain';
import { locationSecrets } from '../location-secrets.js';
import { readTime, writeTime } from '../validation.js';
import { toStation } from './dialect.js';

/** Asks for the log of 1.6 without the security extension. There is no way to refuse: a reply without a file name says that there is nothing to upload. */
export const getDiagnostics = toStation('GetDiagnostics', uploadLog).translate({
  fits: ({ log }) => log === 'diagnostics',
  toRequest: ({ location, from, to, retries, retryIntervalSeconds }) => ({
    location,
    retries,
    retryInterval: retryIntervalSeconds,
    startTime: from && writeTime(from),
    stopTime: to && writeTime(to),
  }),
  toVerdict: ({ fileName }) => (fileName ? { accepted: true, status: 'Accepted' } : { accepted: false, status: 'NoFile' }),
  toFinding: ({ location, startTime, stopTime, retries, retryInterval }, { fileName }) =>
    found(logUploadOrdered, {
      order: {
        log: 'diagnostics',
        location,
        from: startTime === undefined ? undefined : readTime(startTime),
        to: stopTime === undefined ? undefined : readTime(stopTime),
        retries,
        retryIntervalSeconds: retryInterval,
      },
      accepted: Boolean(fileName),
      answer: fileName ? 'Accepted' : 'NoFile',
      cancelsOthers: false,
      fileName,
    }),
  secrets: locationSecrets('location'),
});
