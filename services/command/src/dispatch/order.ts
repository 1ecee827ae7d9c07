import type { ProtocolVersion } from '@ohmnibus/domain';
import type { Owner } from '@ohmnibus/presence';

/** A CALL that a station is to get. */
export interface StationRequest {
  readonly action: string;
  /** Compact JSON. */
  readonly payload: string;
  /** Present if it only makes sense to a station of this version. */
  readonly protocol?: ProtocolVersion;
}

/** What is asked for has no equivalent in the station's version, or nobody knows its version because it is offline. */
export interface Untranslated {
  /** The name of the ask, in no version's words. */
  readonly action: string;
  readonly payload: string;
  readonly untranslated: 'offline' | 'unsupported';
}

/** A command that is about to be sent. */
export interface PreparedCommand {
  readonly id: string;
  readonly createdAt: Date;
  readonly request: StationRequest;
}

/** What a caller wants of a station. */
export interface Order {
  /** What `commandId` makes of it, where something else refers to the command before it runs. */
  readonly id?: string;
  readonly tenant: string;
  readonly station: string;
  readonly timeoutSeconds: number;
  readonly idempotencyKey?: string | undefined;
  readonly requestedBy?: string | undefined;
  /** Answered only when everybody can read its end. */
  readonly stored?: boolean | undefined;
  /** Tells a repetition from another order that came under the same idempotency key. JSON. */
  readonly content: unknown;
  /** Known at once, or only when the station's version is. A Fault that it throws is the caller's: nothing has been stored. */
  readonly request: StationRequest | ((owner: Owner | undefined, command: string) => StationRequest | Untranslated);
  /** What has to be stored before the station is asked. Called once the command is stored, and not at all if there is nothing to send. */
  readonly prepare?: (command: PreparedCommand) => Promise<void>;
}
