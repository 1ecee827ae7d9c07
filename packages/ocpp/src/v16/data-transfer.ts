import { receiveVendorMessage, sendVendorMessage } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { fromStation, toStation } from './dialect.js';

/** Something of the vendor's own, from the station. Data is text in 1.6, so an answer of another shape goes as its JSON. */
export const dataTransfer = fromStation('DataTransfer', receiveVendorMessage).translate({
  toInput: (request, origin) => ({ origin, vendor: request.vendorId, messageId: request.messageId, data: request.data }),
  toReply: ({ status, data }) => ({ status, data: data === undefined || typeof data === 'string' ? data : JSON.stringify(data) }),
});

/** The same to the station. */
export const dataTransferToStation = toStation('DataTransfer', sendVendorMessage).translate({
  toRequest: ({ vendor, messageId, data }) => ({ vendorId: vendor, messageId, data }),
  toVerdict: statusVerdict('Accepted'),
});
