import { changeAvailability as setAvailability } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

/** Takes a connector, or the whole station, in or out of service. `Scheduled`: as soon as its transaction has ended. */
export const changeAvailability = toStation('ChangeAvailability', setAvailability).translate({
  toRequest: ({ operative, evse }) => ({ connectorId: evse?.evse ?? 0, type: operative ? 'Operative' : 'Inoperative' }),
  toVerdict: statusVerdict('Accepted', 'Scheduled'),
});
