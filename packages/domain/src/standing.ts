import type { Registration } from './operations/session.js';
import type { Quirks } from './quirks.js';

/** Whether a station that nobody has entered may come in, is kept for an operator's word, or is turned away. */
export const newcomerPolicies = ['accept', 'queue', 'refuse'] as const;
export type NewcomerPolicy = (typeof newcomerPolicies)[number];

/** What a boot is answered with. `pending`: Pending until an operator releases the station, Accepted from then on. */
export const bootPolicies = ['accept', 'pending', 'reject'] as const;
export type BootPolicy = (typeof bootPolicies)[number];

/** An operator's word on a station that came by itself. */
export const approvals = ['approved', 'waiting', 'refused'] as const;
export type Approval = (typeof approvals)[number];

/** How a station stands with us: what whoever holds its socket has to know. */
export interface Standing {
  readonly registration: Registration;
  /** A boot of it was answered, at some time: acceptance outlives connections. */
  readonly booted: boolean;
  readonly quirks?: Quirks | undefined;
}

/** What is known of a station that decides on its standing. */
export interface StandingFacts {
  readonly approval: Approval;
  /** Its own; null: as its tenant has it. */
  readonly bootPolicy: BootPolicy | null;
  readonly released: boolean;
  readonly booted: boolean;
  /** What its last boot was answered with. */
  readonly registration: Registration;
}

/** What a boot is answered with now. The same rule as in the statement that records boots. */
export function bootAnswer({ approval, bootPolicy, released }: StandingFacts, tenantPolicy: BootPolicy): Registration {
  if (approval === 'refused') return 'Rejected';
  if (approval === 'waiting') return 'Pending';
  const policy = bootPolicy ?? tenantPolicy;
  if (policy === 'reject') return 'Rejected';
  return policy === 'pending' && !released ? 'Pending' : 'Accepted';
}

/** How a station stands that comes back without a boot: as it was left, or as its first boot would be answered. */
export function registrationAtDoor(facts: StandingFacts, tenantPolicy: BootPolicy): Registration {
  return facts.booted ? facts.registration : bootAnswer(facts, tenantPolicy);
}
