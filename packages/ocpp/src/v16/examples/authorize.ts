import { authorize as mayCharge } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { authorize } from '../authorize.js';

export const examples = received(authorize, mayCharge, {
  'a token with a group and an expiry is accepted': {
    request: { idTag: '04A2B3C4D5' },
    input: { token: { value: '04A2B3C4D5' } },
    outcome: { status: 'Accepted', expiresAt: new Date('2027-01-01T00:00:00Z'), group: 'FLEET-7' },
    reply: { idTagInfo: { status: 'Accepted', expiryDate: '2027-01-01T00:00:00.000Z', parentIdTag: 'FLEET-7' } },
  },
  'a token that nobody knows is invalid': {
    request: { idTag: 'unknown' },
    input: { token: { value: 'unknown' } },
    outcome: { status: 'Invalid' },
    reply: { idTagInfo: { status: 'Invalid' } },
  },
  'a group with a name that 1.6 has no room for is left out': {
    request: { idTag: '04A2B3C4D5' },
    input: { token: { value: '04A2B3C4D5' } },
    outcome: { status: 'Blocked', group: 'A-GROUP-OF-21-LETTERS' },
    reply: { idTagInfo: { status: 'Blocked' } },
  },
  'a token that is good elsewhere is blocked: 1.6 has no word for it': {
    request: { idTag: '04A2B3C4D5' },
    input: { token: { value: '04A2B3C4D5' } },
    outcome: { status: 'NotAtThisLocation', group: 'FLEET-7' },
    reply: { idTagInfo: { status: 'Blocked', parentIdTag: 'FLEET-7' } },
  },
});
