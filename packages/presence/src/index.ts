export type { Journal, JournalPage } from './journal.js';
export { Presence } from './presence.js';
export type { ClaimOutcome, PresenceOptions } from './presence.js';
export type { HeldSocket, ReconcileVerdict } from './reconcile.js';
export type { PresenceLog } from './redis-client.js';
export type { Owner, OwnerDetails, PreviousOwner, Socket } from './station-record.js';
export type { Verifiers } from './verifiers.js';
