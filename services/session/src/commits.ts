import type { ConnectionReport, Sighting, Stretch } from '@ohmnibus/contracts';
import { commitWindowMs, Database, GroupCommit, type GroupCommitOptions } from '@ohmnibus/database';
import type { StatusReport } from '@ohmnibus/domain';
import { MessageStore } from './keep-messages/message-store.js';
import { SightingStore } from './note-sightings/sighting-store.js';
import { SecurityEventStore, type KeptSecurityEvent } from './record-security-event/security-event-store.js';
import { StatusStore } from './record-status/status-store.js';
import type { Boot, Registered, StationNews } from './station-state/station-news.js';
import { StationStateStore } from './station-state/station-state-store.js';

/** Frames may be lost with the machine, so their commits wait for no disk; hence connections of their own. */
export class MessageDatabase extends Database {}

/**
 * The window of connections and boots. Both are seldom but when thousands of stations come back at once, and what stations say next then comes
 * in larger lots as well. It is no more than what the way to a station takes.
 */
const stateWindowMs = 24;

/** What many stations share commits of. Facts have two under way at once; what is only nice to know never gets in their way. */
export class Commits {
  /** Connections and boots; both change the row of their station, and a station that comes back brings both. */
  private readonly states: GroupCommit<StationNews, Registered | undefined>;
  readonly statuses: GroupCommit<StatusReport, void>;
  readonly securityEvents: GroupCommit<KeptSecurityEvent, void>;
  readonly sightings: GroupCommit<Sighting, void>;
  /** A row is a pack of stretches. */
  readonly messages: GroupCommit<readonly Stretch[], void>;

  constructor(database: Database, messageDatabase: MessageDatabase, onCommit?: GroupCommitOptions<never, never>['onCommit']) {
    const states = new StationStateStore(database);
    const statuses = new StatusStore(database);
    const securityEvents = new SecurityEventStore(database);
    const sightings = new SightingStore(database);
    const messages = new MessageStore(messageDatabase);
    this.states = new GroupCommit({ name: 'station-states', write: (rows) => states.record(rows), windowMs: stateWindowMs, onCommit });
    this.statuses = new GroupCommit({ name: 'statuses', write: (rows) => statuses.record(rows), windowMs: commitWindowMs, onCommit });
    this.securityEvents = new GroupCommit({ name: 'security-events', write: (rows) => securityEvents.record(rows), windowMs: commitWindowMs, onCommit });
    this.sightings = new GroupCommit({ name: 'sightings', write: (rows) => sightings.note(rows), maxInFlight: 1, onCommit });
    this.messages = new GroupCommit({ name: 'messages', write: (packs) => messages.keep(packs), maxInFlight: 1, maxRows: 8, onCommit });
  }

  /** Resolves when the boot is committed, with what it is answered; undefined: no such station. */
  boot(boot: Boot): Promise<Registered | undefined> {
    return this.states.add({ kind: 'boot', boot });
  }

  /** Resolves when the report is committed. */
  async connection(report: ConnectionReport): Promise<void> {
    await this.states.add({ kind: 'connection', report });
  }

  /** Rows that wait. */
  get depth(): number {
    return this.states.depth + this.statuses.depth + this.securityEvents.depth + this.sightings.depth + this.messages.depth;
  }

  /** Resolves when everything added so far is settled. */
  async drain(): Promise<void> {
    await Promise.all([this.states.drain(), this.statuses.drain(), this.securityEvents.drain(), this.sightings.drain(), this.messages.drain()]);
  }
}
