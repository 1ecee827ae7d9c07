import { GroupCommit, textArray, type Database } from '@ohmnibus/database';
import type { Approval, BootPolicy, ProtocolVersion, Registration, SecurityProfile, StandingFacts, StationMake, StationRef } from '@ohmnibus/domain';
import type { KnownPasswords } from './known-passwords.js';

/** A password that is on its way to the station: right as well until the outcome is known. */
export interface PendingPassword {
  /** Of the command that carries it. */
  readonly id: string;
  readonly passwordHash: string;
}

/** By what a station proves who it is. */
export interface Credentials {
  /** Null: it is asked for no password. */
  readonly passwordHash: string | null;
  /** The newest first. */
  readonly pending: readonly PendingPassword[];
  /** What it must connect with at least; null: nothing was set. */
  readonly securityProfile: SecurityProfile | null;
  /** Of a password that was right lately; null: none is known. */
  readonly verifier: string | null;
  /** What its client certificates may name beside its id, such as its serial number: as an operator said, never as the station did. */
  readonly certificateName: string | null;
}

/** All that is known of a station at the door. */
export interface StationAtDoor extends Credentials {
  readonly facts: StandingFacts;
  readonly make: StationMake;
  /** The version that it speaks if its handshake names none. */
  readonly assumedProtocol: ProtocolVersion | null;
}

const nonePending: readonly PendingPassword[] = [];

type Row = [
  place: string,
  passwordHash: string | null,
  securityProfile: SecurityProfile | null,
  certificateName: string | null,
  registration: Registration,
  booted: boolean,
  approval: Approval,
  bootPolicy: BootPolicy | null,
  released: boolean,
  vendor: string | null,
  model: string | null,
  firmware: string | null,
  assumedProtocol: ProtocolVersion | null,
  pending: [string, string][] | null,
];

const statement = {
  name: 'station-credentials',
  text: `
    SELECT asked.i, station.password_hash, station.security_profile, station.certificate_name, station.registration, station.booted_at IS NOT NULL,
      station.approval, station.boot_policy, station.released_at IS NOT NULL, station.vendor, station.model, station.firmware_version, station.assumed_protocol, (
      SELECT json_agg(json_build_array(pending.id, pending.password_hash) ORDER BY pending.created_at DESC, pending.id)
      FROM pending_password AS pending WHERE pending.tenant = station.tenant AND pending.station = station.id)
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (tenant, id, i)
    JOIN station ON station.tenant = asked.tenant AND station.id = asked.id`,
};

/** What is stored to know stations by. The questions of one turn of the event loop share a query, and a look into Redis, as rows share a commit. */
export class StationCredentials {
  private readonly lookups: GroupCommit<StationRef, StationAtDoor | undefined>;

  constructor(
    private readonly database: Database,
    private readonly known: Pick<KnownPasswords, 'find'>,
  ) {
    this.lookups = new GroupCommit({ name: 'station-credentials', write: (stations) => this.read(stations) });
  }

  /** Undefined: there is no such station. Throws a Fault `unavailable` if the database cannot be reached. */
  of(station: StationRef): Promise<StationAtDoor | undefined> {
    return this.lookups.add(station);
  }

  private async read(stations: readonly StationRef[]): Promise<(StationAtDoor | undefined)[]> {
    const found = Array.from<StationAtDoor | undefined>({ length: stations.length });
    const [rows, verifiers] = await Promise.all([
      this.database.run<Row>(statement, [textArray(stations, (s) => s.tenant), textArray(stations, (s) => s.station)]),
      this.known.find(stations),
    ]);
    for (const [i, passwordHash, securityProfile, certificateName, registration, booted, approval, bootPolicy, released, vendor, model, firmware, assumedProtocol, pending] of rows) {
      const place = Number(i) - 1;
      found[place] = {
        passwordHash,
        securityProfile,
        certificateName,
        verifier: verifiers[place] ?? null,
        pending: pending ? pending.map(([id, hash]) => ({ id, passwordHash: hash })) : nonePending,
        facts: { approval, bootPolicy, released, booted, registration },
        make: { vendor, model, firmware },
        assumedProtocol,
      };
    }
    return found;
  }
}
