import { authorize as mayCharge } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { authorize } from '../authorize.js';

export const examples = received(authorize, mayCharge, {
  'a token with a group and an expiry is accepted': {
    request: { idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' } },
    input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' } },
    outcome: { status: 'Accepted', expiresAt: new Date('2027-01-01T00:00:00Z'), group: 'FLEET-7' },
    reply: {
      idTokenInfo: {
        status: 'Accepted',
        cacheExpiryDateTime: '2027-01-01T00:00:00.000Z',
        groupIdToken: { idToken: 'FLEET-7', type: 'Central' },
      },
    },
  },
  'the kind of a token matters, its extras do not': {
    request: {
      customData: { vendorId: 'com.example', note: 1 },
      idToken: { idToken: 'DE-ABC-C123', type: 'eMAID', additionalInfo: [{ additionalIdToken: 'x', type: 'y' }] },
      certificate: '-----BEGIN CERTIFICATE-----',
    },
    input: { token: { value: 'DE-ABC-C123', kind: 'eMAID' } },
    outcome: { status: 'Invalid' },
    reply: { idTokenInfo: { status: 'Invalid' } },
  },
  'a token that is good elsewhere is told so': {
    request: { idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' } },
    input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' } },
    outcome: { status: 'NotAtThisLocation' },
    reply: { idTokenInfo: { status: 'NotAtThisLocation' } },
  },
});
