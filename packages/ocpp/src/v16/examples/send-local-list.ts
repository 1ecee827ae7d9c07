import { updateLocalList } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { sendLocalList } from '../send-local-list.js';

const until = new Date('2027-01-01T00:00:00Z');
const full = {
  listVersion: 3,
  updateType: 'Full',
  localAuthorizationList: [
    { idTag: '04A2B3C4D5', idTagInfo: { status: 'Accepted', expiryDate: '2027-01-01T00:00:00.000Z', parentIdTag: 'FLEET-7' } },
    { idTag: 'LOST', idTagInfo: { status: 'Blocked' } },
  ],
};
const lines = [
  { token: '04A2B3C4D5', authorization: { status: 'Accepted' as const, expiresAt: until, group: 'FLEET-7' } },
  { token: 'LOST', authorization: { status: 'Blocked' as const } },
];
const differential = { listVersion: 4, updateType: 'Differential', localAuthorizationList: [{ idTag: 'GONE' }] };

export const examples = sent(
  sendLocalList,
  updateLocalList,
  {
    'a whole list': { input: { update: 'full', version: 3, changes: lines }, request: full },
    'an empty list': { input: { update: 'full', version: 5, changes: [] }, request: { listVersion: 5, updateType: 'Full', localAuthorizationList: [] } },
    'a token leaves the list': { input: { update: 'differential', version: 4, changes: [{ token: 'GONE' }] }, request: differential },
    'a group whose name is no 1.6 token stays away': {
      input: { update: 'differential', version: 6, changes: [{ token: 'A', authorization: { status: 'Accepted', group: 'A'.repeat(21) } }] },
      request: { listVersion: 6, updateType: 'Differential', localAuthorizationList: [{ idTag: 'A', idTagInfo: { status: 'Accepted' } }] },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Failed', 'NotSupported', 'VersionMismatch'] }),
  [
    [full, { status: 'Accepted' }, { update: 'full', version: 3, changes: lines, verdict: 'accepted' }],
    [{ listVersion: 5, updateType: 'Full' }, { status: 'Failed' }, { update: 'full', version: 5, changes: [], verdict: 'failed' }],
    [differential, { status: 'VersionMismatch' }, { update: 'differential', version: 4, changes: [{ token: 'GONE' }], verdict: 'version-mismatch' }],
    [differential, { status: 'NotSupported' }, { update: 'differential', version: 4, changes: [{ token: 'GONE' }], verdict: 'not-supported' }],
  ],
);
