/** A charging station within its tenant. Ids are kept as the station spells them. */
export interface StationRef {
  readonly tenant: string;
  readonly station: string;
}

/**
 * When and on which connection a frame came in: epochs order the connections of a station, `frame` counts within one.
 * It orders what the station itself gives no usable time for.
 */
export interface Stamp {
  /** Below 2^53. */
  readonly epoch: number;
  readonly frame: number;
  readonly receivedAt: Date;
}

/** Who reported something, and the stamp of the frame that said so. */
export interface Origin extends StationRef, Stamp {
  readonly protocol: ProtocolVersion;
}

/** The versions of OCPP that a station may speak, by their folder's name. Their order is on the wire between services: new ones come last. */
export const protocolVersions = ['v16', 'v201', 'v15'] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

/** An EVSE and one of its connectors; EVSE 0 is the station as a whole. OCPP 1.6 connector N is EVSE N, connector 1. */
export interface EvseRef {
  readonly evse: number;
  readonly connector: number;
}

/** An EVSE, and which of its connectors as far as that was told. */
export interface EvsePlace {
  readonly evse: number;
  readonly connector?: number | undefined;
}
