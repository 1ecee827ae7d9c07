import { registerStation } from '@ohmnibus/domain';
import { writeTime } from '../validation.js';
import { fromStation } from './dialect.js';

/** The station has started and asks to be accepted. The interval of a refusal is the time to wait before it asks again. */
export const bootNotification = fromStation('BootNotification', registerStation).translate({
  toInput: ({ chargingStation, reason }, origin) => ({
    origin,
    vendor: chargingStation.vendorName,
    model: chargingStation.model,
    serialNumber: chargingStation.serialNumber,
    firmwareVersion: chargingStation.firmwareVersion,
    iccid: chargingStation.modem?.iccid,
    imsi: chargingStation.modem?.imsi,
    reason,
  }),
  toReply: ({ status, at, intervalSeconds }) => ({ status, currentTime: writeTime(at), interval: intervalSeconds }),
  toMake: ({ chargingStation }) => ({ vendor: chargingStation?.vendorName, model: chargingStation?.model, firmware: chargingStation?.firmwareVersion }),
});
