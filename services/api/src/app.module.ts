import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import type { Database } from '@ohmnibus/database';
import { Presence } from '@ohmnibus/presence';
import { ChargingProfileQueries } from './charging-profiles/charging-profile-queries.js';
import { ChargingProfilesController } from './charging-profiles/charging-profiles.controller.js';
import { StationChargingProfilesController } from './charging-profiles/station-charging-profiles.controller.js';
import { CertificateAuthoritiesController } from './certificates/certificate-authorities.controller.js';
import { CertificateQueries } from './certificates/certificate-queries.js';
import { CertificateRequestsController } from './certificates/certificate-requests.controller.js';
import { StationCertificatesController } from './certificates/station-certificates.controller.js';
import { CommandQueries } from './commands/command-queries.js';
import { CommandsController } from './commands/commands.controller.js';
import { EverydayCommandsController } from './commands/everyday-commands.controller.js';
import { ConfigurationQueries } from './configuration/configuration-queries.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { TemplatesController } from './configuration/templates.controller.js';
import { LocalListQueries } from './local-lists/local-list-queries.js';
import { LocalListsController } from './local-lists/local-lists.controller.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { FirmwareQueries } from './firmware/firmware-queries.js';
import { FirmwareController } from './firmware/firmware.controller.js';
import { StoredFiles } from './files/stored-files.js';
import { FirmwareUpdatesController } from './jobs/firmware-updates.controller.js';
import { JobQueries } from './jobs/job-queries.js';
import { LogUploadsController } from './jobs/log-uploads.controller.js';
import { MessageQueries } from './messages/message-queries.js';
import { MessagesController } from './messages/messages.controller.js';
import { RefusedEventQueries } from './refused-events/refused-event-queries.js';
import { RefusedEventsController } from './refused-events/refused-events.controller.js';
import { QuarantineQueries } from './quarantine/quarantine-queries.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { ReservationQueries } from './reservations/reservation-queries.js';
import { ReservationsController } from './reservations/reservations.controller.js';
import { SecurityEventQueries } from './security-events/security-event-queries.js';
import { SecurityEventsController } from './security-events/security-events.controller.js';
import { QuirkQueries } from './quirks/quirk-queries.js';
import { QuirksController } from './quirks/quirks.controller.js';
import { RegistrationQueries } from './registration/registration-queries.js';
import { RegistrationController } from './registration/registration.controller.js';
import { StationQueries } from './stations/station-queries.js';
import { StationsController } from './stations/stations.controller.js';
import { TokenGroupQueries } from './tokens/token-group-queries.js';
import { TokenGroupsController } from './tokens/token-groups.controller.js';
import { TokenQueries } from './tokens/token-queries.js';
import { TokensController } from './tokens/tokens.controller.js';
import { TransactionQueries } from './transactions/transaction-queries.js';
import { TransactionsController } from './transactions/transactions.controller.js';
import { VersionController } from './version.controller.js';

export interface Resources {
  readonly bus: Bus;
  readonly database: Database;
  readonly presence: Presence;
  readonly files: StoredFiles;
}

/** What is made of what. */
@Module({})
export class AppModule {
  static with({ bus, database: { prisma }, presence, files }: Resources): DynamicModule {
    const providers: Provider[] = [
      { provide: Bus, useValue: bus },
      { provide: Presence, useValue: presence },
      { provide: StoredFiles, useValue: files },
      ...[
        StationQueries,
        MessageQueries,
        CommandQueries,
        TransactionQueries,
        QuarantineQueries,
        RefusedEventQueries,
        TokenQueries,
        TokenGroupQueries,
        LocalListQueries,
        FirmwareQueries,
        JobQueries,
        ReservationQueries,
        ChargingProfileQueries,
        CertificateQueries,
        SecurityEventQueries,
        ConfigurationQueries,
        RegistrationQueries,
        QuirkQueries,
      ].map((Queries) => ({ provide: Queries, useFactory: () => new Queries(prisma) })),
    ];
    const controllers = [
      StationsController,
      MessagesController,
      CommandsController,
      EverydayCommandsController,
      CredentialsController,
      TransactionsController,
      QuarantineController,
      RefusedEventsController,
      TokensController,
      TokenGroupsController,
      LocalListsController,
      FirmwareController,
      FirmwareUpdatesController,
      LogUploadsController,
      ReservationsController,
      ChargingProfilesController,
      StationChargingProfilesController,
      CertificateAuthoritiesController,
      CertificateRequestsController,
      StationCertificatesController,
      SecurityEventsController,
      ConfigurationController,
      TemplatesController,
      RegistrationController,
      QuirksController,
      VersionController,
    ];
    return { module: AppModule, providers, controllers };
  }
}
