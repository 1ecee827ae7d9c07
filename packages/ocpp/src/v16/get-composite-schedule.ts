import { compositeScheduleRead, found, readCompositeSchedule } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readTime } from '../validation.js';
import { readSchedule } from './charging-profile.js';
import { toStation } from './dialect.js';

/** Asks which limits result from all profiles. Connector 0: what the station as a whole takes from the grid. */
export const getCompositeSchedule = toStation('GetCompositeSchedule', readCompositeSchedule).translate({
  toRequest: ({ evse, duration, unit }) => ({ connectorId: evse, duration, chargingRateUnit: unit }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ connectorId }, { status, scheduleStart, chargingSchedule }) => {
    if (status !== 'Accepted' || !chargingSchedule) return undefined;
    const { startSchedule, ...schedule } = readSchedule(chargingSchedule);
    const startsAt = scheduleStart === undefined ? startSchedule : readTime(scheduleStart);
    return found(compositeScheduleRead, { evse: connectorId, startsAt, ...schedule });
  },
});
