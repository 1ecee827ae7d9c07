import type { StationRef } from './station.js';

/** What happened, as other systems learn of it: at least once, in the order of commits for one station. */
export const eventTypes = [
  'station.appeared',
  'station.approval-changed',
  'station.booted',
  'station.on-boot-due',
  'station.connected',
  'station.disconnected',
  'station.security-profile-changed',
  'station.clock-drifted',
  'station.security-event',
  'certificate-request.changed',
  'connector.status-changed',
  'firmware-update.changed',
  'log-upload.changed',
  'log-upload.received',
  'reservation.changed',
  'transaction.started',
  'transaction.updated',
  'transaction.ended',
  'transaction.corrected',
] as const;
export type EventType = (typeof eventTypes)[number];

export interface DomainEvent extends StationRef {
  /** Increases with each event of the system; the same on a repeated delivery. */
  readonly id: string;
  readonly type: EventType;
  /** When it was committed. */
  readonly at: Date;
  readonly body: Record<string, unknown>;
}
