import type { ProtocolVersion } from '@ohmnibus/domain';

/** How a station of each version begins. */
export const bootPayloads: Record<ProtocolVersion, object> = {
  v15: { chargePointVendor: 'V', chargePointModel: 'M' },
  v16: { chargePointVendor: 'V', chargePointModel: 'M' },
  v201: { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
};
