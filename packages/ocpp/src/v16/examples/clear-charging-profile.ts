import { clearChargingProfiles } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { clearChargingProfile } from '../clear-charging-profile.js';

export const examples = sent(
  clearChargingProfile,
  clearChargingProfiles,
  {
    'by its id': { input: { id: 7 }, request: { id: 7 } },
    'by what it is for': {
      input: { evse: 0, purpose: 'ChargingStationMaxProfile', stackLevel: 2 },
      request: { connectorId: 0, chargingProfilePurpose: 'ChargePointMaxProfile', stackLevel: 2 },
    },
    'all of them': { input: {}, request: {} },
  },
  byStatus({ yes: ['Accepted'], no: ['Unknown'] }),
  [
    [
      { connectorId: 0, chargingProfilePurpose: 'ChargePointMaxProfile' },
      { status: 'Accepted' },
      { evse: 0, purpose: 'ChargingStationMaxProfile' },
    ],
    [{ id: 7 }, { status: 'Unknown' }, { id: 7 }],
  ],
);
