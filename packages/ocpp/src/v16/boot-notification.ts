import { registerStation } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';
import { fromStation } from './dialect.js';

/** The station has started and asks to be accepted. The interval of a refusal is the time to wait before it asks again. */
export const bootNotification = fromStation('BootNotification', registerStation).translate({
  toInput: (request, origin) => ({
    origin,
    vendor: request.chargePointVendor,
    model: request.chargePointModel,
    // The second one is an older name for the same thing.
    serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
    firmwareVersion: request.firmwareVersion,
    iccid: request.iccid,
    imsi: request.imsi,
    meterType: request.meterType,
    meterSerialNumber: request.meterSerialNumber,
  }),
  toReply: ({ status, at, intervalSeconds }) => ({ status, currentTime: writeTime(at), interval: intervalSeconds }),
  toMake: ({ chargePointVendor: vendor, chargePointModel: model, firmwareVersion: firmware }) => ({ vendor, model, firmware }),
});
