import { sendLocalList as v16 } from '../v16/send-local-list.js';
import { toStation } from './dialect.js';

/** Spelt the British way, and with a checksum of the list that nobody describes: none is sent, and a station that insists on one has failed. */
export const sendLocalList = toStation('SendLocalList', v16, {
  request: ({ localAuthorizationList, ...update }) => ({ ...update, localAuthorisationList: localAuthorizationList }),
  asked: ({ updateType, listVersion, localAuthorisationList }) => ({ updateType, listVersion, localAuthorizationList: localAuthorisationList }),
  reply: ({ status }) => ({ status: status === 'HashError' ? 'Failed' : status }),
});
