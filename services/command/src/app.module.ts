import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { Database } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import type { Log, Metrics } from '@ohmnibus/runtime';
import { ApplyTemplateCommand } from './apply-template-command/apply-template-command.js';
import { TemplateLookup } from './apply-template-command/template-lookup.js';
import { ConfigurationStore } from './configuration/configuration-store.js';
import { learnConfiguration } from './configuration/learn-configuration.js';
import { ConfigureCommand } from './configure-command/configure-command.js';
import { CommandStore } from './dispatch/command-store.js';
import { Deliver } from './dispatch/deliver.js';
import { Dispatch } from './dispatch/dispatch.js';
import { observeCommands } from './dispatch/observe.js';
import { PasswordRotation } from './dispatch/password-rotation.js';
import { Findings } from './findings/findings.js';
import { JobStore } from './jobs/job-store.js';
import { learnJobs } from './jobs/learn-jobs.js';
import { OrderJob } from './jobs/order-job.js';
import { StationLinks, type LinkSettings } from './jobs/station-links.js';
import { FinishOverdue } from './overdue/finish-overdue.js';
import { ProfileLookup } from './raise-profile-command/profile-lookup.js';
import { RaiseProfileCommand } from './raise-profile-command/raise-profile-command.js';
import { ReadConfigurationCommand } from './read-configuration-command/read-configuration-command.js';
import { RotatePasswordCommand } from './rotate-password-command/rotate-password-command.js';
import { SendCommand } from './send-command/send-command.js';
import { ServeCommands } from './serve-commands.js';
import { StartCommand } from './start-command/start-command.js';
import { StopCommand } from './stop-command/stop-command.js';
import { TransactionLookup } from './stop-command/transaction-lookup.js';
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
      { provide: TransactionLookup, useFactory: () => new TransactionLookup(database) },
      { provide: JobStore, useFactory: () => new JobStore(database) },
      { provide: ConfigurationStore, useFactory: () => new ConfigurationStore(database) },
      {
        provide: Findings,
        inject: [ConfigurationStore, JobStore],
        useFactory: (configuration: ConfigurationStore, jobs: JobStore) => {
          const findings = new Findings(systemClock, ({ tenant, station, id, action }, error) =>
            log.error('finding-not-learnt', { tenant, station, command: id, action, error }),
          );
          return learnJobs(learnConfiguration(findings, configuration), jobs);
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
        inject: [CommandStore, Deliver, PasswordRotation],
        useFactory: (store: CommandStore, deliver: Deliver, rotation: PasswordRotation) => new Dispatch(store, deliver, presence, systemClock, observeCommands(metrics, log), rotation),
      },
      { provide: SendCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new SendCommand(dispatch) },
      { provide: StartCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new StartCommand(dispatch) },
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
      {
        provide: UpdateFirmwareCommand,
        inject: [OrderJob, StationLinks],
        useFactory: (orders: OrderJob, made: StationLinks) => new UpdateFirmwareCommand(orders, made, hasImage(database), systemClock),
      },
      {
        provide: UploadLogCommand,
        inject: [OrderJob, StationLinks],
        useFactory: (orders: OrderJob, made: StationLinks) => new UploadLogCommand(orders, made, systemClock),
      },
      {
        provide: FinishOverdue,
        inject: [CommandStore],
        useFactory: (store: CommandStore) =>
          new FinishOverdue(store, systemClock, {
            overdue: (count) => log.warn('commands-overdue', { count }),
            failed: (error) => log.error('overdue-check-failed', { error }),
          }),
      },
      {
        provide: ServeCommands,
        inject: [Dispatch, SendCommand, StartCommand, StopCommand, ReadConfigurationCommand, ConfigureCommand, ApplyTemplateCommand, UpdateFirmwareCommand, UploadLogCommand, RotatePasswordCommand, RaiseProfileCommand],
        useFactory: (
          dispatch: Dispatch,
          send: SendCommand,
          start: StartCommand,
          stop: StopCommand,
          readConfiguration: ReadConfigurationCommand,
          configure: ConfigureCommand,
          applyTemplate: ApplyTemplateCommand,
          updateFirmware: UpdateFirmwareCommand,
          uploadLog: UploadLogCommand,
          rotatePassword: RotatePasswordCommand,
          raiseProfile: RaiseProfileCommand,
        ) => new ServeCommands(bus, dispatch, { send, start, stop, readConfiguration, configure, applyTemplate, updateFirmware, uploadLog, rotatePassword, raiseProfile }),
      },
    ];
    return { module: AppModule, providers };
  }
}
