import type { Database } from '@ohmnibus/database';
import { CertificateStore } from './certificates/certificate-store.js';
import { InstalledProfileStore } from './charging-profiles/installed-profile-store.js';
import { ProfileCatalogue } from './charging-profiles/profile-catalogue.js';
import { ConfigurationStore } from './configuration/configuration-store.js';
import { JobStore } from './jobs/job-store.js';
import { LocalListStore } from './local-list/local-list-store.js';
import { ReservationStore } from './reservations/reservation-store.js';
import { TransactionLookup } from './stop-command/transaction-lookup.js';

/** What is known of stations beside the commands that they were given. */
export class Stores {
  readonly transactions: TransactionLookup;
  readonly jobs: JobStore;
  readonly configuration: ConfigurationStore;
  readonly localLists: LocalListStore;
  readonly reservations: ReservationStore;
  readonly certificates: CertificateStore;
  /** Charging profiles that may be sent, and those that were. */
  readonly catalogue: ProfileCatalogue;
  readonly installedProfiles: InstalledProfileStore;

  constructor(database: Database) {
    this.transactions = new TransactionLookup(database);
    this.jobs = new JobStore(database);
    this.configuration = new ConfigurationStore(database);
    this.localLists = new LocalListStore(database);
    this.reservations = new ReservationStore(database);
    this.certificates = new CertificateStore(database);
    this.catalogue = new ProfileCatalogue(database);
    this.installedProfiles = new InstalledProfileStore(database, this.transactions);
  }
}
