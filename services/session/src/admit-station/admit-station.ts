import type { Admission, AdmissionRequest } from '@ohmnibus/contracts';
import { registrationAtDoor, requiredProfile, type SecurityProfile, type Standing, type StationRef } from '@ohmnibus/domain';
import type { StandingRules } from '../tenant-settings/standing-rules.js';
import type { RecognisePassword } from './recognise-password.js';
import type { StationCertificates } from './station-certificates.js';
import type { Credentials, StationAtDoor, StationCredentials } from './station-credentials.js';

const unknown: Admission = { verdict: 'unknown' };
const admitted: Admission = { verdict: 'admitted' };
const refused = (reason: string): Admission => ({ verdict: 'unauthenticated', reason });

/** What follows when a station has come in. */
export interface AdmissionEffects {
  /** It came in with a pending password: that is its password from now on. */
  settle(station: StationRef, pending: string): Promise<void>;
  /** It came in with a higher profile than it had to: it has to from now on. */
  raise(station: StationRef, profile: SecurityProfile): Promise<void>;
  /**
   * Nobody has entered it.
   * @param proven it would come in if it were known
   * @returns whether it is known from now on, would have to prove more for that, or is turned away whatever it proves
   */
  newcomer(station: StationRef, proven: boolean): Promise<'known' | 'unproven' | 'unknown'>;
  /** It came in all the same. */
  certificateRefused(station: StationRef, reason: string): void;
}

/** A proof that sufficed, or why there is none. */
type Proof = { readonly profile: SecurityProfile; readonly pending?: string | undefined } | { readonly refusal: Admission };

/** Of a station that nobody has entered. */
const nothing: Credentials = { passwordHash: null, pending: [], securityProfile: null, verifier: null, certificateName: null };

/**
 * May this station connect? It must prove who it is as its security profile asks, or better: by its password, with its own id as the user's
 * name (J16 6.2, P2 A00.FR.204), or over TLS by a client certificate. Rejects with a Fault while that cannot be told.
 */
export class AdmitStation {
  constructor(
    private readonly credentials: StationCredentials,
    private readonly recognise: RecognisePassword,
    private readonly certificates: Pick<StationCertificates, 'problemWith'>,
    private readonly effects: AdmissionEffects,
    private readonly rules: Pick<StandingRules, 'bootPolicy' | 'quirks'>,
    /** What is asked of stations for which nothing is set. */
    private readonly leastProfile: SecurityProfile,
  ) {}

  async run(request: AdmissionRequest): Promise<Admission> {
    const { tenant, station } = request;
    // No station can be called so, and the database would not even take the question.
    if (station.includes('\0') || tenant.includes('\0')) return unknown;
    const credentials = await this.credentials.of({ tenant, station });
    return credentials ? this.admit(request, credentials) : this.admitNewcomer(request);
  }

  /** What would not come in is not made known either: whoever reaches the port may call himself anything. */
  private async admitNewcomer(request: AdmissionRequest): Promise<Admission> {
    const { tenant, station } = request;
    const proof = await this.prove(request, nothing);
    const outcome = await this.effects.newcomer({ tenant, station }, !('refusal' in proof));
    if (outcome === 'unproven' && 'refusal' in proof) return proof.refusal;
    const credentials = outcome === 'known' ? await this.credentials.of({ tenant, station }) : undefined;
    return credentials ? this.admit(request, credentials) : unknown;
  }

  private async admit(request: AdmissionRequest, credentials: StationAtDoor): Promise<Admission> {
    const { tenant, station } = request;
    const ref = { tenant, station };
    if (credentials.facts.approval === 'refused') return unknown;
    const proof = await this.prove(request, credentials);
    if ('refusal' in proof) return proof.refusal;
    if (proof.pending !== undefined) await this.effects.settle(ref, proof.pending);
    if (proof.profile >= 2 && proof.profile > (credentials.securityProfile ?? 0)) await this.effects.raise(ref, proof.profile);
    return this.letIn(request, credentials);
  }

  private async letIn({ tenant, protocol }: AdmissionRequest, { facts, make, assumedProtocol }: StationAtDoor): Promise<Admission> {
    if (protocol === undefined && assumedProtocol === null) return { verdict: 'versionless' };
    const registration = registrationAtDoor(facts, await this.rules.bootPolicy(tenant));
    const quirks = await this.rules.quirks(tenant, make);
    const plain = registration === 'Accepted' && facts.booted && !quirks;
    if (plain && protocol !== undefined) return admitted;
    const standing: Standing = { registration, booted: facts.booted, ...(quirks && { quirks }) };
    return { verdict: 'admitted', ...(!plain && { standing }), ...(protocol === undefined && assumedProtocol !== null && { assumed: assumedProtocol }) };
  }

  private async prove(request: AdmissionRequest, credentials: Credentials): Promise<Proof> {
    const { tenant, station, secure, certificate } = request;
    const required = requiredProfile(credentials.securityProfile, credentials.passwordHash !== null, this.leastProfile);
    if (required >= 2 && !secure) {
      return { refusal: { verdict: 'forbidden', reason: `the station's security profile ${required} asks for TLS, and this connection came without` } };
    }
    const certificateProblem = certificate && secure ? await this.certificates.problemWith(certificate, { tenant, station }, credentials) : 'none was given';
    if (certificateProblem === undefined) return { profile: 3 };
    if (required === 3) return { refusal: refused(`the station's security profile 3 asks for a client certificate, and ${certificateProblem}`) };
    const proof = await this.provePassword(request, credentials, required);
    if (certificate && 'profile' in proof) this.effects.certificateRefused({ tenant, station }, certificateProblem);
    return proof;
  }

  private async provePassword(request: AdmissionRequest, credentials: Credentials, required: SecurityProfile): Promise<Proof> {
    const { tenant, station, username, password, secure } = request;
    const none = credentials.passwordHash === null;
    if (none && credentials.pending.length === 0) {
      if (required === 0) return { profile: 0 };
      return { refusal: refused(`the station's security profile ${required} asks for a password, and none is stored for it`) };
    }
    const recognised = password && username === station ? await this.recognise.run({ tenant, station }, password, credentials) : undefined;
    if (recognised) return { profile: secure ? 2 : 1, pending: recognised.pending };
    // Its first password is on its way: until it has that, it needs none.
    if (none && required === 0) return { profile: 0 };
    if (!password) return { refusal: refused('no password given') };
    return { refusal: refused(username === station ? 'wrong password' : 'the user name is not the station id') };
  }
}
