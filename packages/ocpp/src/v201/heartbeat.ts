import { tellTime } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';
import { fromStation } from './dialect.js';

/** The station sets its clock by the answer. */
export const heartbeat = fromStation('Heartbeat', tellTime).translate({
  toInput: (_request, origin) => ({ origin }),
  toReply: ({ at }) => ({ currentTime: writeTime(at) }),
});
