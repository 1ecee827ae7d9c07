import { updateFirmware as update } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { updateFirmware } from '../update-firmware.js';

const location = 'https://files.example.com/firmware-2.bin';
const retrieveAt = new Date('2026-03-01T00:00:00Z');
const asked = { location, retrieveDate: '2026-03-01T00:00:00.000Z', retries: 3, retryInterval: 30 };
const tries = { retries: 3, retryIntervalSeconds: 30 };

export const examples = sent(
  updateFirmware,
  update,
  {
    'that nobody has signed': {
      input: { requestId: 7, location, retrieveAt },
      request: { location, retrieveDate: '2026-03-01T00:00:00.000Z' },
    },
    'tried again': { input: { requestId: 7, location, retrieveAt, ...tries }, request: asked },
  },
  [[{}, { accepted: true, status: 'Accepted' }]],
  [[asked, {}, { order: { location, retrieveAt, ...tries, signed: false }, accepted: true, answer: 'Accepted', cancelsOthers: false }]],
);
