import { CallError } from './errors.js';
import type { Profile, ProfilePurpose } from './installed-profiles.js';
import { integerOf, objectsOf, optionalIntegerOf, optionalTimeOf, textOf } from './payload-fields.js';
import type { RemoteControl } from './remote-control.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import type { Reply } from './rpc/inbound-calls.js';

const purposes: Readonly<Record<string, ProfilePurpose>> = { ChargePointMaxProfile: 'StationMax', TxDefaultProfile: 'TxDefault', TxProfile: 'Tx' };
const recurrences: Readonly<Record<string, number>> = { Daily: 86_400_000, Weekly: 604_800_000 };

/** What a 1.6 CSMS may ask about charging profiles. */
export function chargingProfileCommands({ profiles, clock }: RemoteControl): [string, (payload: Payload) => Reply][] {
  return [
    [
      'SetChargingProfile',
      (payload) => {
        const wire = asPayload(payload['csChargingProfiles']);
        const kept = profiles.install(integerOf(payload, 'connectorId'), readProfile(wire), optionalIntegerOf(wire, 'transactionId'));
        return { payload: { status: kept ? 'Accepted' : 'Rejected' } };
      },
    ],
    [
      'ClearChargingProfile',
      (payload) => {
        const { chargingProfilePurpose } = payload;
        const cleared = profiles.clear({
          id: optionalIntegerOf(payload, 'id'),
          evse: optionalIntegerOf(payload, 'connectorId'),
          purpose: chargingProfilePurpose === undefined ? undefined : purposeOf(payload),
          stackLevel: optionalIntegerOf(payload, 'stackLevel'),
        });
        return { payload: { status: cleared ? 'Accepted' : 'Unknown' } };
      },
    ],
    [
      'GetCompositeSchedule',
      (payload) => {
        const connectorId = integerOf(payload, 'connectorId');
        const duration = integerOf(payload, 'duration');
        const composite = profiles.composite(connectorId, duration, payload['chargingRateUnit'] === 'A' ? 'A' : 'W');
        if (!composite) return { payload: { status: 'Rejected' } };
        const chargingSchedule = { duration, chargingRateUnit: composite.unit, chargingSchedulePeriod: [...composite.periods] };
        return { payload: { status: 'Accepted', connectorId, scheduleStart: new Date(clock.now()).toISOString(), chargingSchedule } };
      },
    ],
  ];
}

/** Throws a CALLERROR for what is no profile. */
export function readProfile(wire: Payload): Profile {
  const schedule = asPayload(wire['chargingSchedule']);
  const kind = textOf(wire, 'chargingProfileKind');
  return {
    id: integerOf(wire, 'chargingProfileId'),
    purpose: purposeOf(wire),
    stackLevel: integerOf(wire, 'stackLevel'),
    everyMs: kind === 'Recurring' ? recurrences[textOf(wire, 'recurrencyKind')] : undefined,
    relative: kind === 'Relative',
    startsAt: optionalTimeOf(schedule, 'startSchedule'),
    durationSeconds: optionalIntegerOf(schedule, 'duration'),
    validFrom: optionalTimeOf(wire, 'validFrom'),
    validTo: optionalTimeOf(wire, 'validTo'),
    unit: schedule['chargingRateUnit'] === 'A' ? 'A' : 'W',
    periods: objectsOf(schedule, 'chargingSchedulePeriod').map((period) => ({
      startPeriod: integerOf(period, 'startPeriod'),
      limit: Number(period['limit']),
      numberPhases: optionalIntegerOf(period, 'numberPhases'),
    })),
  };
}

function purposeOf(payload: Payload): ProfilePurpose {
  const purpose = purposes[textOf(payload, 'chargingProfilePurpose')];
  if (!purpose) throw new CallError('PropertyConstraintViolation', 'chargingProfilePurpose is not one that this station knows');
  return purpose;
}
