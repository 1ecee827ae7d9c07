import { bootNotification as v16 } from '../v16/boot-notification.js';
import { fromStation } from './dialect.js';

/** 1.5 calls the interval otherwise, and knows no Pending: such a station is told to ask again after the interval, as a refused one is. */
export const bootNotification = fromStation('BootNotification', v16, {
  reply: ({ status, currentTime, interval }) => ({
    status: status === 'Pending' ? 'Rejected' : status,
    currentTime,
    heartbeatInterval: interval,
  }),
});
