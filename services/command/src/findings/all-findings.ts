import { systemClock } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import { learnCertificates } from '../certificates/learn-certificates.js';
import { learnChargingProfiles } from '../charging-profiles/learn-charging-profiles.js';
import { learnConfiguration } from '../configuration/learn-configuration.js';
import { learnJobs } from '../jobs/learn-jobs.js';
import { learnLocalList } from '../local-list/learn-local-list.js';
import { learnReservations } from '../reservations/learn-reservations.js';
import type { Stores } from '../stores.js';
import { Findings } from './findings.js';

/** All that the answers of stations tell, each kept in its store. */
export function allFindings(stores: Stores, log: Log): Findings {
  const findings = new Findings(systemClock, ({ tenant, station, id, action }, error) => log.error('finding-not-learnt', { tenant, station, command: id, action, error }));
  learnConfiguration(findings, stores.configuration);
  learnJobs(findings, stores.jobs);
  learnLocalList(findings, stores.localLists);
  learnReservations(findings, stores.reservations);
  learnCertificates(findings, stores.certificates);
  learnChargingProfiles(findings, stores.installedProfiles);
  return findings;
}
