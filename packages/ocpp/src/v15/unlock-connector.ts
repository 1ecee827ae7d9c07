import { unlockConnector as v16 } from '../v16/unlock-connector.js';
import { toStation } from './dialect.js';

const words = { Accepted: 'Unlocked', Rejected: 'UnlockFailed' } as const;

/** Answered with yes or no. */
export const unlockConnector = toStation('UnlockConnector', v16, {
  reply: ({ status }) => ({ status: status === 'Accepted' || status === 'Rejected' ? words[status] : status }),
});
