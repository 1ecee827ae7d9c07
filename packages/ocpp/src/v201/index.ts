import type { Version } from '../catalogue.js';
import { actions } from './dialect.js';

/** OCPP 2.0.1: the table of contents. */
export const v201: Version = {
  name: 'v201',
  subprotocol: 'ocpp2.0.1',
  actions,
  fromStation: [],
  toStation: [],
};
