import { updateFirmware } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { signedUpdateFirmware } from '../signed-update-firmware.js';

const location = 'https://files.example.com/firmware-2.bin';
const retrieveAt = new Date('2026-03-01T00:00:00Z');
const installAt = new Date('2026-03-02T00:00:00Z');
const signature = { signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 'c2lnbmF0dXJl' };
const firmware = { location, retrieveDateTime: '2026-03-01T00:00:00.000Z', ...signature };
const later = { requestId: 7, retries: 3, retryInterval: 30, firmware: { ...firmware, installDateTime: '2026-03-02T00:00:00.000Z' } };
const tries = { retries: 3, retryIntervalSeconds: 30 };

export const examples = sent(
  signedUpdateFirmware,
  updateFirmware,
  {
    'that is signed': { input: { requestId: 7, location, retrieveAt, signature }, request: { requestId: 7, firmware } },
    'installed later': { input: { requestId: 7, location, retrieveAt, installAt, signature, ...tries }, request: later },
  },
  byStatus({ yes: ['Accepted', 'AcceptedCanceled'], no: ['Rejected', 'InvalidCertificate', 'RevokedCertificate'] }),
  [
    [
      later,
      { status: 'AcceptedCanceled' },
      { order: { requestId: 7, location, retrieveAt, installAt, ...tries, signed: true }, accepted: true, answer: 'AcceptedCanceled', cancelsOthers: true },
    ],
    [
      { requestId: 8, firmware },
      { status: 'InvalidCertificate' },
      { order: { requestId: 8, location, retrieveAt, signed: true }, accepted: false, answer: 'InvalidCertificate', cancelsOthers: false },
    ],
  ],
);
