import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bus, type Serving } from '@ohmnibus/bus';
import { Database } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import type { Log, Metrics } from '@ohmnibus/runtime';
import { ApplyTemplateCommand } from './apply-template-command/apply-template-command.js';
import { TemplateLookup } from './apply-template-command/template-lookup.js';
import { CancelReservationCommand } from './cancel-reservation-command/cancel-reservation-command.js';
import { InstalledProfileStore } from './charging-profiles/installed-profile-store.js';
import { learnChargingProfiles } from './charging-profiles/learn-charging-profiles.js';
import { ProfileCatalogue } from './charging-profiles/profile-catalogue.js';
import { ServeChargingProfiles } from './charging-profiles/serve-charging-profiles.js';
import { ClearChargingProfileCommand } from './clear-charging-profile-command/clear-charging-profile-command.js';
import { CompositeScheduleCommand } from './composite-schedule-command/composite-schedule-command.js';
import { ConfigurationStore } from './configuration/configuration-store.js';
import { learnConfiguration } from './configuration/learn-configuration.js';
import { ConfigureCommand } from './configure-command/configure-command.js';
import { CertificateCommands } from './certificates/certificate-commands.js';
import { CertificateStore } from './certificates/certificate-store.js';
import { learnCertificates } from './certificates/learn-certificates.js';
import { ServeCertificates } from './certificates/serve-certificates.js';
import { CommandRecords } from './dispatch/command-records.js';
import { CommandStore } from './dispatch/command-store.js';
import { Deliver } from './dispatch/deliver.js';
import { Dispatch } from './dispatch/dispatch.js';
import { observeCommands } from './dispatch/observe.js';
import { PasswordRotation } from './dispatch/password-rotation.js';
import { EverydayCommands } from './everyday-commands/everyday-commands.js';
import { Findings } from './findings/findings.js';
import { JobStore } from './jobs/job-store.js';
import { learnJobs } from './jobs/learn-jobs.js';
import { OrderJob } from './jobs/order-job.js';
import { ServeMaintenance } from './jobs/serve-maintenance.js';
import { StationLinks, type LinkSettings } from './jobs/station-links.js';
import { learnLocalList } from './local-list/learn-local-list.js';
import { LocalListStore } from './local-list/local-list-store.js';
import { TokenLookup } from './local-list/token-lookup.js';
import { FinishOverdue } from './overdue/finish-overdue.js';
import { ProfileLookup } from './raise-profile-command/profile-lookup.js';
import { RaiseProfileCommand } from './raise-profile-command/raise-profile-command.js';
import { ReadConfigurationCommand } from './read-configuration-command/read-configuration-command.js';
import { learnReservations } from './reservations/learn-reservations.js';
import { ReservationStore } from './reservations/reservation-store.js';
import { ServeReservations } from './reservations/serve-reservations.js';
import { ReserveCommand } from './reserve-command/reserve-command.js';
import { RotatePasswordCommand } from './rotate-password-command/rotate-password-command.js';
import { SendCommand } from './send-command/send-command.js';
import { ServeCommands } from './serve-commands.js';
import { SetChargingProfileCommand } from './set-charging-profile-command/set-charging-profile-command.js';
import { StartCommand } from './start-command/start-command.js';
import { StopCommand } from './stop-command/stop-command.js';
import { SyncLocalListCommand } from './sync-local-list-command/sync-local-list-command.js';
import { TransactionLookup } from './stop-command/transaction-lookup.js';
import { TriggerCommand } from './trigger-command/trigger-command.js';
import { hasImage } from './update-firmware-command/has-image.js';
import { UpdateFirmwareCommand } from './update-firmware-command/update-firmware-command.js';
import { UploadLogCommand } from './upload-log-command/upload-log-command.js';

export interface Resources {
  readonly bus: Bus;
  readonly database: Database;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly links: LinkSettings;
}

/** What is made of what. */
@Module({})
export class AppModule {
  static with({ bus, database, presence, metrics, log, links }: Resources): DynamicModule {
    const providers: Provider[] = [
      { provide: CommandStore, useFactory: () => new CommandStore(database, metrics.commits()) },
      { provide: CommandRecords, inject: [CommandStore], useFactory: (store: CommandStore) => new CommandRecords(store, presence.journal('commands')) },
      { provide: TransactionLookup, useFactory: () => new TransactionLookup(database) },
      { provide: JobStore, useFactory: () => new JobStore(database) },
      { provide: ConfigurationStore, useFactory: () => new ConfigurationStore(database) },
      { provide: LocalListStore, useFactory: () => new LocalListStore(database) },
      { provide: ReservationStore, useFactory: () => new ReservationStore(database) },
      { provide: CertificateStore, useFactory: () => new CertificateStore(database) },
      { provide: ProfileCatalogue, useFactory: () => new ProfileCatalogue(database) },
      {
        provide: InstalledProfileStore,
        inject: [TransactionLookup],
        useFactory: (transactions: TransactionLookup) => new InstalledProfileStore(database, transactions),
      },
      {
        provide: Findings,
        inject: [ConfigurationStore, JobStore, LocalListStore, ReservationStore, InstalledProfileStore, CertificateStore],
        useFactory: (
          configuration: ConfigurationStore,
          jobs: JobStore,
          lists: LocalListStore,
          reservations: ReservationStore,
          profiles: InstalledProfileStore,
          certificates: CertificateStore,
        ) => {
          const findings = new Findings(systemClock, ({ tenant, station, id, action }, error) =>
            log.error('finding-not-learnt', { tenant, station, command: id, action, error }),
          );
          learnConfiguration(findings, configuration);
          learnJobs(findings, jobs);
          learnLocalList(findings, lists);
          learnReservations(findings, reservations);
          learnCertificates(findings, certificates);
          return learnChargingProfiles(findings, profiles);
        },
      },
      {
        provide: PasswordRotation,
        useFactory: () =>
          new PasswordRotation(bus, ({ tenant, station, id }, error) => log.error('password-rotation-not-settled', { tenant, station, messageId: id, error })),
      },
      { provide: Deliver, inject: [Findings], useFactory: (findings: Findings) => new Deliver(bus, presence, systemClock, findings) },
      {
        provide: Dispatch,
        inject: [CommandStore, CommandRecords, Deliver, PasswordRotation],
        useFactory: (store: CommandStore, records: CommandRecords, deliver: Deliver, rotation: PasswordRotation) =>
          new Dispatch({ store, records, deliver, presence, clock: systemClock, observer: observeCommands(metrics, log), passwords: rotation }),
      },
      { provide: SendCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new SendCommand(dispatch) },
      {
        provide: StartCommand,
        inject: [Dispatch, ProfileCatalogue],
        useFactory: (dispatch: Dispatch, catalogue: ProfileCatalogue) => new StartCommand(dispatch, catalogue),
      },
      {
        provide: StopCommand,
        inject: [Dispatch, TransactionLookup],
        useFactory: (dispatch: Dispatch, transactions: TransactionLookup) => new StopCommand(dispatch, transactions),
      },
      { provide: RotatePasswordCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new RotatePasswordCommand(dispatch) },
      { provide: RaiseProfileCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new RaiseProfileCommand(dispatch, new ProfileLookup(database)) },
      { provide: ConfigureCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new ConfigureCommand(dispatch) },
      {
        provide: ReadConfigurationCommand,
        inject: [Dispatch, ConfigurationStore],
        useFactory: (dispatch: Dispatch, configuration: ConfigurationStore) => new ReadConfigurationCommand(dispatch, configuration, presence),
      },
      {
        provide: ApplyTemplateCommand,
        inject: [ConfigureCommand, ConfigurationStore],
        useFactory: (configure: ConfigureCommand, configuration: ConfigurationStore) => new ApplyTemplateCommand(configure, new TemplateLookup(database), configuration),
      },
      {
        provide: OrderJob,
        inject: [Dispatch, JobStore],
        useFactory: (dispatch: Dispatch, jobs: JobStore) =>
          new OrderJob(dispatch, jobs, systemClock, (id, error) => log.error('job-not-settled', { messageId: id, error })),
      },
      { provide: StationLinks, useFactory: () => new StationLinks(links) },
      { provide: EverydayCommands, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new EverydayCommands(bus, dispatch) },
      {
        provide: ServeMaintenance,
        inject: [Dispatch, OrderJob, StationLinks],
        useFactory: (dispatch: Dispatch, orders: OrderJob, made: StationLinks) =>
          new ServeMaintenance(bus, {
            updateFirmware: new UpdateFirmwareCommand(orders, made, hasImage(database), systemClock),
            uploadLog: new UploadLogCommand(orders, made, systemClock),
            trigger: new TriggerCommand(dispatch),
          }),
      },
      {
        provide: SyncLocalListCommand,
        inject: [Dispatch, LocalListStore, ConfigurationStore],
        useFactory: (dispatch: Dispatch, lists: LocalListStore, configuration: ConfigurationStore) =>
          new SyncLocalListCommand({ dispatch, lists, tokens: new TokenLookup(database), configuration, presence, clock: systemClock }),
      },
      {
        provide: ServeReservations,
        inject: [Dispatch, ReservationStore],
        useFactory: (dispatch: Dispatch, store: ReservationStore) => {
          const reserve = new ReserveCommand(dispatch, store, systemClock, (command, error) => log.error('reservation-not-stored', { command, error }));
          return new ServeReservations(bus, { reserve, cancel: new CancelReservationCommand(dispatch, store) });
        },
      },
      {
        provide: ServeCertificates,
        inject: [Dispatch, CertificateStore],
        useFactory: (dispatch: Dispatch, store: CertificateStore) => new ServeCertificates(bus, new CertificateCommands(dispatch, store, presence)),
      },
      {
        provide: ServeChargingProfiles,
        inject: [Dispatch, ProfileCatalogue, TransactionLookup],
        useFactory: (dispatch: Dispatch, catalogue: ProfileCatalogue, transactions: TransactionLookup) =>
          new ServeChargingProfiles(bus, {
            catalogue,
            set: new SetChargingProfileCommand(dispatch, catalogue, transactions),
            clear: new ClearChargingProfileCommand(dispatch),
            compositeSchedule: new CompositeScheduleCommand(dispatch),
          }),
      },
      {
        provide: FinishOverdue,
        inject: [CommandStore, CommandRecords],
        useFactory: (store: CommandStore, records: CommandRecords) =>
          new FinishOverdue(store, records, systemClock, {
            overdue: (count) => log.warn('commands-overdue', { count }),
            failed: (error) => log.error('overdue-check-failed', { error }),
          }),
      },
      {
        provide: ServeCommands,
        inject: [
          Dispatch,
          SendCommand,
          StartCommand,
          StopCommand,
          ReadConfigurationCommand,
          ConfigureCommand,
          ApplyTemplateCommand,
          SyncLocalListCommand,
          RotatePasswordCommand,
          RaiseProfileCommand,
          EverydayCommands,
          ServeMaintenance,
          ServeReservations,
          ServeChargingProfiles,
          ServeCertificates,
        ],
        useFactory: (
          dispatch: Dispatch,
          send: SendCommand,
          start: StartCommand,
          stop: StopCommand,
          readConfiguration: ReadConfigurationCommand,
          configure: ConfigureCommand,
          applyTemplate: ApplyTemplateCommand,
          syncLocalList: SyncLocalListCommand,
          rotatePassword: RotatePasswordCommand,
          raiseProfile: RaiseProfileCommand,
          ...areas: { start(): Serving[] }[]
        ) =>
          new ServeCommands(
            bus,
            dispatch,
            { send, start, stop, readConfiguration, configure, applyTemplate, syncLocalList, rotatePassword, raiseProfile },
            areas,
          ),
      },
    ];
    return { module: AppModule, providers };
  }
}
