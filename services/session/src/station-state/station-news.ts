import type { ConnectionReport } from '@ohmnibus/contracts';
import type { BootPolicy, BootReport, Registration } from '@ohmnibus/domain';

/** A boot, and what its tenant says of boots. */
export interface Boot extends BootReport {
  /** Absent: `accept`. */
  readonly policy?: BootPolicy | undefined;
  /** Whether the configuration is read after it, and the local list brought up to date, where the station has no setting of its own. */
  readonly onBootConfiguration?: boolean | undefined;
  readonly onBootLocalList?: boolean | undefined;
}

/** What a boot is answered with. */
export interface Registered {
  readonly registration: Registration;
  /** The station was accepted before, and is not any more. */
  readonly lost: boolean;
}

/** What changes the row of a station: a connection that came or went, or a boot. */
export type StationNews = { readonly kind: 'connection'; readonly report: ConnectionReport } | { readonly kind: 'boot'; readonly boot: Boot };

/** A row is written once for all that is new of a station. */
export interface StationChange {
  readonly tenant: string;
  readonly station: string;
  connection: { readonly report: ConnectionReport; readonly connectedAt: Date | undefined } | undefined;
  boot: Boot | undefined;
}
