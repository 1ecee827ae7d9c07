import { firmwareUpdateOrdered, found, updateFirmware as update } from '@ohmnibus/domain';
import { locationSecrets } from '../location-secrets.js';
import { readTime, writeTime } from '../validation.js';
import { toStation } from './dialect.js';

/** Has the station get and install firmware that nobody has signed. There is no way to refuse. */
export const updateFirmware = toStation('UpdateFirmware', update).translate({
  fits: ({ signature, installAt }) => !signature && !installAt,
  toRequest: ({ location, retrieveAt, retries, retryIntervalSeconds }) => ({
    location,
    retrieveDate: writeTime(retrieveAt),
    retries,
    retryInterval: retryIntervalSeconds,
  }),
  toVerdict: () => ({ accepted: true, status: 'Accepted' }),
  toFinding: ({ location, retrieveDate, retries, retryInterval }) =>
    found(firmwareUpdateOrdered, {
      order: { location, retrieveAt: readTime(retrieveDate), retries, retryIntervalSeconds: retryInterval, signed: false },
      accepted: true,
      answer: 'Accepted',
      cancelsOthers: false,
    }),
  secrets: locationSecrets('location'),
});
