import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Bus } from '@ohmnibus/bus';
import type { Database } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import type { Presence } from '@ohmnibus/presence';
import { provide, type Log, type Metrics } from '@ohmnibus/runtime';
import { ApplyTemplateCommand } from './apply-template-command/apply-template-command.js';
import { TemplateLookup } from './apply-template-command/template-lookup.js';
import { CancelReservationCommand } from './cancel-reservation-command/cancel-reservation-command.js';
import { CertificateCommands } from './certificates/certificate-commands.js';
import { ServeCertificates } from './certificates/serve-certificates.js';
import { ServeChargingProfiles } from './charging-profiles/serve-charging-profiles.js';
import { ClearChargingProfileCommand } from './clear-charging-profile-command/clear-charging-profile-command.js';
import { CompositeScheduleCommand } from './composite-schedule-command/composite-schedule-command.js';
import { ServeConfiguration } from './configuration/serve-configuration.js';
import { ConfigureCommand } from './configure-command/configure-command.js';
import { ServeCredentials } from './credentials/serve-credentials.js';
import { CommandRecords } from './dispatch/command-records.js';
import { CommandStore } from './dispatch/command-store.js';
import { Deliver } from './dispatch/deliver.js';
import { Dispatch } from './dispatch/dispatch.js';
import { observeCommands } from './dispatch/observe.js';
import { PasswordRotation } from './dispatch/password-rotation.js';
import { EverydayCommands } from './everyday-commands/everyday-commands.js';
import { allFindings } from './findings/all-findings.js';
import { Findings } from './findings/findings.js';
import { OrderJob } from './jobs/order-job.js';
import { ServeMaintenance } from './jobs/serve-maintenance.js';
import { StationLinks, type LinkSettings } from './jobs/station-links.js';
import { ServeLocalLists } from './local-list/serve-local-lists.js';
import { TokenLookup } from './local-list/token-lookup.js';
import { FinishOverdue } from './overdue/finish-overdue.js';
import { ProfileLookup } from './raise-profile-command/profile-lookup.js';
import { RaiseProfileCommand } from './raise-profile-command/raise-profile-command.js';
import { ReadConfigurationCommand } from './read-configuration-command/read-configuration-command.js';
import { ServeReservations } from './reservations/serve-reservations.js';
import { ReserveCommand } from './reserve-command/reserve-command.js';
import { RotatePasswordCommand } from './rotate-password-command/rotate-password-command.js';
import { SendCommand } from './send-command/send-command.js';
import { ServeCommands } from './serve-commands.js';
import { SetChargingProfileCommand } from './set-charging-profile-command/set-charging-profile-command.js';
import { StartCommand } from './start-command/start-command.js';
import { StopCommand } from './stop-command/stop-command.js';
import { Stores } from './stores.js';
import { SyncLocalListCommand } from './sync-local-list-command/sync-local-list-command.js';
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
  static with(resources: Resources): DynamicModule {
    return { module: AppModule, providers: [...dispatching(resources), ...areas(resources), serving(resources)] };
  }
}

/** The way of every command to its station and back, and what is kept of it. */
function dispatching({ bus, database, presence, metrics, log }: Resources): FactoryProvider[] {
  const clock = systemClock;
  return [
    provide(Stores, [], () => new Stores(database)),
    provide(CommandStore, [], () => new CommandStore(database, metrics.commits())),
    provide(CommandRecords, [CommandStore], (store) => new CommandRecords(store, presence.journal('commands'))),
    provide(Findings, [Stores], (stores) => allFindings(stores, log)),
    provide(PasswordRotation, [], () => new PasswordRotation(bus, ({ tenant, station, id }, error) => log.error('password-rotation-not-settled', { tenant, station, messageId: id, error }))),
    provide(Deliver, [Findings], (findings) => new Deliver(bus, presence, clock, findings)),
    provide(
      Dispatch,
      [CommandStore, CommandRecords, Deliver, PasswordRotation],
      (store, records, deliver, passwords) => new Dispatch({ store, records, deliver, presence, clock, observer: observeCommands(metrics, log), passwords }),
    ),
    provide(
      FinishOverdue,
      [CommandStore, CommandRecords],
      (store, records) =>
        new FinishOverdue(store, records, clock, {
          overdue: (count) => log.warn('commands-overdue', { count }),
          failed: (error) => log.error('overdue-check-failed', { error }),
        }),
    ),
  ];
}

/** What stations may be asked, area by area. */
function areas({ bus, database, presence, log, links }: Resources): FactoryProvider[] {
  const clock = systemClock;
  return [
    provide(EverydayCommands, [Dispatch], (dispatch) => new EverydayCommands(bus, dispatch)),
    provide(ServeConfiguration, [Dispatch, Stores], (dispatch, { configuration }) => {
      const configure = new ConfigureCommand(dispatch);
      const applyTemplate = new ApplyTemplateCommand(configure, new TemplateLookup(database), configuration);
      return new ServeConfiguration(bus, { read: new ReadConfigurationCommand(dispatch, configuration, presence), configure, applyTemplate });
    }),
    provide(
      ServeCredentials,
      [Dispatch],
      (dispatch) => new ServeCredentials(bus, { rotatePassword: new RotatePasswordCommand(dispatch), raiseProfile: new RaiseProfileCommand(dispatch, new ProfileLookup(database)) }),
    ),
    provide(
      ServeLocalLists,
      [Dispatch, Stores],
      (dispatch, { localLists: lists, configuration }) =>
        new ServeLocalLists(bus, new SyncLocalListCommand({ dispatch, lists, tokens: new TokenLookup(database), configuration, presence, clock })),
    ),
    provide(ServeMaintenance, [Dispatch, Stores], (dispatch, { jobs }) => {
      const orders = new OrderJob(dispatch, jobs, clock, (id, error) => log.error('job-not-settled', { messageId: id, error }));
      const made = new StationLinks(links);
      return new ServeMaintenance(bus, {
        updateFirmware: new UpdateFirmwareCommand(orders, made, hasImage(database), clock),
        uploadLog: new UploadLogCommand(orders, made, clock),
        trigger: new TriggerCommand(dispatch),
      });
    }),
    provide(ServeReservations, [Dispatch, Stores], (dispatch, { reservations }) => {
      const reserve = new ReserveCommand(dispatch, reservations, clock, (command, error) => log.error('reservation-not-stored', { command, error }));
      return new ServeReservations(bus, { reserve, cancel: new CancelReservationCommand(dispatch, reservations) });
    }),
    provide(ServeCertificates, [Dispatch, Stores], (dispatch, { certificates }) => new ServeCertificates(bus, new CertificateCommands(dispatch, certificates, presence))),
    provide(
      ServeChargingProfiles,
      [Dispatch, Stores],
      (dispatch, { catalogue, transactions }) =>
        new ServeChargingProfiles(bus, {
          catalogue,
          set: new SetChargingProfileCommand(dispatch, catalogue, transactions),
          clear: new ClearChargingProfileCommand(dispatch),
          compositeSchedule: new CompositeScheduleCommand(dispatch),
        }),
    ),
  ];
}

function serving({ bus }: Resources): FactoryProvider {
  return provide(
    ServeCommands,
    [Dispatch, Stores, EverydayCommands, ServeConfiguration, ServeCredentials, ServeLocalLists, ServeMaintenance, ServeReservations, ServeChargingProfiles, ServeCertificates],
    (dispatch, { catalogue, transactions }, ...others) =>
      new ServeCommands(
        bus,
        dispatch,
        { send: new SendCommand(dispatch), start: new StartCommand(dispatch, catalogue), stop: new StopCommand(dispatch, transactions) },
        others,
      ),
  );
}
