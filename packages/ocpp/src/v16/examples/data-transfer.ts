import { receiveVendorMessage, sendVendorMessage } from '@ohmnibus/domain';
import { byStatus, received, sent } from '../../examples.js';
import { dataTransfer, dataTransferToStation } from '../data-transfer.js';

export const fromStation = received(dataTransfer, receiveVendorMessage, {
  'an unknown vendor is answered, not refused': {
    request: { vendorId: 'com.example' },
    input: { vendor: 'com.example' },
    outcome: { status: 'UnknownVendorId' },
    reply: { status: 'UnknownVendorId' },
  },
  'text goes and comes back as it is': {
    request: { vendorId: 'com.example', messageId: 'tariff', data: '{"kWh":0.3}' },
    input: { vendor: 'com.example', messageId: 'tariff', data: '{"kWh":0.3}' },
    outcome: { status: 'Accepted', data: 'fine' },
    reply: { status: 'Accepted', data: 'fine' },
  },
  'an answer that is no text becomes JSON': {
    request: { vendorId: 'com.example', data: '' },
    input: { vendor: 'com.example', data: '' },
    outcome: { status: 'Accepted', data: { cents: 30 } },
    reply: { status: 'Accepted', data: '{"cents":30}' },
  },
});

export const toStation = sent(
  dataTransferToStation,
  sendVendorMessage,
  {
    'nothing but the vendor': { input: { vendor: 'com.example' }, request: { vendorId: 'com.example' } },
    'with a message and its data': {
      input: { vendor: 'com.example', messageId: 'led', data: 'green' },
      request: { vendorId: 'com.example', messageId: 'led', data: 'green' },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected', 'UnknownMessageId', 'UnknownVendorId'] }),
);
