import type { Version } from '../catalogue.js';
import { actions } from './dialect.js';
import { remoteStartTransaction } from './remote-start-transaction.js';
import { startTransaction } from './start-transaction.js';

/** OCPP 1.6J: the table of contents. */
export const v16: Version = {
  name: 'v16',
  subprotocol: 'ocpp1.6',
  actions,
  fromStation: [startTransaction],
  toStation: [remoteStartTransaction],
};
