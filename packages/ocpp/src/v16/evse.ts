import type { EvseRef } from '@ohmnibus/domain';

/** A 1.6 connector N is EVSE N with its one connector; connector 0 is the station as a whole (or its main meter). */
export function evseOf(connectorId: number): EvseRef {
  return { evse: connectorId, connector: connectorId === 0 ? 0 : 1 };
}
