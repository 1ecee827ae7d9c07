import { changeAvailability as setAvailability } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { changeAvailability } from '../change-availability.js';

export const examples = sent(
  changeAvailability,
  setAvailability,
  {
    'the whole station is taken out of service': { input: { operative: false }, request: { connectorId: 0, type: 'Inoperative' } },
    'a connector is put into service': {
      input: { operative: true, evse: { evse: 2, connector: 1 } },
      request: { connectorId: 2, type: 'Operative' },
    },
  },
  byStatus({ yes: ['Accepted', 'Scheduled'], no: ['Rejected'] }),
);
