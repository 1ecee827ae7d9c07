import { uploadLog } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { getDiagnostics } from '../get-diagnostics.js';

const location = 'https://files.example.com/up/';
const from = new Date('2026-02-01T00:00:00Z');
const to = new Date('2026-03-01T00:00:00Z');
const asked = { location, retries: 2, retryInterval: 60, startTime: '2026-02-01T00:00:00.000Z', stopTime: '2026-03-01T00:00:00.000Z' };
const order = { log: 'diagnostics', location, from, to, retries: 2, retryIntervalSeconds: 60 } as const;

export const examples = sent(
  getDiagnostics,
  uploadLog,
  {
    'of all that there is': { input: { requestId: 7, log: 'diagnostics', location }, request: { location } },
    'of a time, tried again': { input: { requestId: 7, ...order }, request: asked },
  },
  [
    [{ fileName: 'diagnostics.zip' }, { accepted: true, status: 'Accepted' }],
    [{}, { accepted: false, status: 'NoFile' }],
  ],
  [
    [asked, { fileName: 'diagnostics.zip' }, { order, accepted: true, answer: 'Accepted', cancelsOthers: false, fileName: 'diagnostics.zip' }],
    [{ location }, {}, { order: { log: 'diagnostics', location }, accepted: false, answer: 'NoFile', cancelsOthers: false }],
  ],
);
