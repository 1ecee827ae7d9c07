import { unlockConnector as unlock } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Frees a cable that is stuck; a transaction that still runs there ends. */
export const unlockConnector = toStation('UnlockConnector', unlock).translate({
  toRequest: ({ evse }) => ({ connectorId: evse }),
  toVerdict: statusVerdict('Unlocked'),
});
