import { firmwareUpdateOrdered, found, updateFirmware } from '@ohmnibus/domain';
import { locationSecrets } from '../location-secrets.js';
import { statusVerdict } from '../message.js';
import { readTime, writeTime } from '../validation.js';
import { toStation } from './dialect.js';

const toVerdict = statusVerdict('Accepted', 'AcceptedCanceled');

/** Has the station get and install firmware that it can check, of the security extension. `AcceptedCanceled`: instead of the update under way. */
export const signedUpdateFirmware = toStation('SignedUpdateFirmware', updateFirmware).translate({
  fits: ({ signature }) => signature !== undefined,
  toRequest: ({ requestId, location, retrieveAt, installAt, signature, retries, retryIntervalSeconds }) => ({
    requestId,
    retries,
    retryInterval: retryIntervalSeconds,
    firmware: {
      location,
      retrieveDateTime: writeTime(retrieveAt),
      installDateTime: installAt && writeTime(installAt),
      signingCertificate: signature?.signingCertificate ?? '',
      signature: signature?.signature ?? '',
    },
  }),
  toVerdict,
  toFinding: ({ requestId, retries, retryInterval, firmware: { location, retrieveDateTime, installDateTime } }, { status }) =>
    found(firmwareUpdateOrdered, {
      order: {
        requestId,
        location,
        retrieveAt: readTime(retrieveDateTime),
        installAt: installDateTime === undefined ? undefined : readTime(installDateTime),
        retries,
        retryIntervalSeconds: retryInterval,
        signed: true,
      },
      accepted: toVerdict({ status }).accepted,
      answer: status,
      cancelsOthers: status === 'AcceptedCanceled',
    }),
  secrets: locationSecrets('firmware', 'location'),
});
