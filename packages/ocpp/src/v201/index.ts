import type { Version } from '../catalogue.js';
import { authorize } from './authorize.js';
import { bootNotification } from './boot-notification.js';
import { actions } from './dialect.js';
import { heartbeat } from './heartbeat.js';
import { requestStartTransaction } from './request-start-transaction.js';
import { requestStopTransaction } from './request-stop-transaction.js';
import { setVariables } from './set-variables.js';
import { statusNotification } from './status-notification.js';
import { transactionEvent } from './transaction-event.js';

/** OCPP 2.0.1: the table of contents. */
export const v201: Version = {
  name: 'v201',
  subprotocol: 'ocpp2.0.1',
  compresses: true,
  limits: {},
  longestToken: 36,
  actions,
  fromStation: [authorize, bootNotification, heartbeat, statusNotification, transactionEvent],
  toStation: [requestStartTransaction, requestStopTransaction, setVariables],
};
