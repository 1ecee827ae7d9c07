import { updateLocalList } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { sendLocalList } from '../send-local-list.js';

const request = { listVersion: 3, updateType: 'Full', localAuthorisationList: [{ idTag: '04A2B3C4D5', idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET-7' } }] };
const input = { update: 'full' as const, version: 3, changes: [{ token: '04A2B3C4D5', authorization: { status: 'Accepted' as const, group: 'FLEET-7' } }] };

export const examples = sent(
  sendLocalList,
  updateLocalList,
  { 'a whole list': { input, request } },
  byStatus({ yes: ['Accepted'], no: ['Failed', 'HashError', 'NotSupported', 'VersionMismatch'] }),
  [
    [{ ...request, hash: 'A0B1' }, { status: 'Accepted', hash: 'A0B1' }, { ...input, verdict: 'accepted' }],
    [request, { status: 'HashError' }, { ...input, verdict: 'failed' }],
  ],
);
