import { uploadLog } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { getLog } from '../get-log.js';

const location = 'https://files.example.com/up/';
const from = new Date('2026-02-01T00:00:00Z');
const to = new Date('2026-03-01T00:00:00Z');
const order = { requestId: 7, log: 'security', location, from, to, retries: 2, retryIntervalSeconds: 60 } as const;
const asked = {
  logType: 'SecurityLog',
  requestId: 7,
  retries: 2,
  retryInterval: 60,
  log: { remoteLocation: location, oldestTimestamp: '2026-02-01T00:00:00.000Z', latestTimestamp: '2026-03-01T00:00:00.000Z' },
};
const byHand = { logType: 'DiagnosticsLog', requestId: 8, log: { remoteLocation: location } };

export const examples = sent(
  getLog,
  uploadLog,
  {
    'the security log': {
      input: { requestId: 7, log: 'security', location },
      request: { logType: 'SecurityLog', requestId: 7, log: { remoteLocation: location } },
    },
    'of a time, tried again': { input: order, request: asked },
  },
  [
    [{ status: 'Accepted', filename: 'security.log' }, { accepted: true, status: 'Accepted' }],
    [{ status: 'AcceptedCanceled' }, { accepted: true, status: 'AcceptedCanceled' }],
    [{ status: 'Rejected' }, { accepted: false, status: 'Rejected' }],
  ],
  [
    [
      asked,
      { status: 'Accepted', filename: 'security.log' },
      { order, accepted: true, answer: 'Accepted', cancelsOthers: false, fileName: 'security.log' },
    ],
    [
      byHand,
      { status: 'AcceptedCanceled' },
      { order: { requestId: 8, log: 'diagnostics', location }, accepted: true, answer: 'AcceptedCanceled', cancelsOthers: true },
    ],
    [
      byHand,
      { status: 'Rejected' },
      { order: { requestId: 8, log: 'diagnostics', location }, accepted: false, answer: 'Rejected', cancelsOthers: false },
    ],
  ],
);
