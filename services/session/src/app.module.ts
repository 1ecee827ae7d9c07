import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { stationChanged, tenantChanged } from '@ohmnibus/contracts';
import { Database, onePlanByIndex } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Operations } from '@ohmnibus/ocpp';
import { Presence } from '@ohmnibus/presence';
import { provide, type ServiceContext } from '@ohmnibus/runtime';
import { AdmitStation } from './admit-station/admit-station.js';
import { AuthoritiesInFile } from './admit-station/authorities-in-file.js';
import { KnownPasswords } from './admit-station/known-passwords.js';
import { PasswordChecks } from './admit-station/password-checks.js';
import { raiseProfile } from './admit-station/raise-profile.js';
import { RecognisePassword } from './admit-station/recognise-password.js';
import { StationCertificates } from './admit-station/station-certificates.js';
import { StationCredentials } from './admit-station/station-credentials.js';
import { admissionKey } from './admit-station/verifier.js';
import { Certificates } from './certificates.js';
import { Commits, MessageDatabase } from './commits.js';
import type { SessionConfig } from './config.js';
import { TemplateStore } from './configuration-templates/template-store.js';
import { KeepPartitions } from './keep-partitions/keep-partitions.js';
import { KeepStations } from './keep-stations/keep-stations.js';
import { SettingsStore } from './keep-stations/settings-store.js';
import { StationStore } from './keep-stations/station-store.js';
import { ClockStore } from './measure-clocks/clock-store.js';
import { MeasureClocks } from './measure-clocks/measure-clocks.js';
import { DecideOnStation } from './newcomers/decide-on-station.js';
import { NewcomerStore } from './newcomers/newcomer-store.js';
import { TakeNewcomer } from './newcomers/take-newcomer.js';
import { ocppOperations } from './ocpp.js';
import { bootFacts } from './on-boot/boot-facts.js';
import { OnBoot } from './on-boot/on-boot.js';
import { QuirkProfiles } from './quirk-profiles/quirk-profiles.js';
import { ReceiveVendorMessage } from './receive-vendor-message/receive-vendor-message.js';
import { ProgressStore } from './record-progress/progress-store.js';
import { RecordProgress } from './record-progress/record-progress.js';
import { RecordSecurityEvent } from './record-security-event/record-security-event.js';
import { RecordStatus } from './record-status/record-status.js';
import { RegisterStation } from './register-station/register-station.js';
import { PodStore } from './sweep-pods/pod-store.js';
import { RedisLosses } from './sweep-pods/redis-losses.js';
import { PendingStore } from './rotate-password/pending-store.js';
import { RotatePassword } from './rotate-password/rotate-password.js';
import { ServeSettings } from './serve-settings.js';
import { SweepPods } from './sweep-pods/sweep-pods.js';
import { StandingRules } from './tenant-settings/standing-rules.js';
import { TenantSettings } from './tenant-settings/tenant-settings.js';
import { TellTime } from './tell-time/tell-time.js';

/** The one place where Nest is told what needs what. */
@Module({})
// oxlint-disable-next-line typescript/no-extraneous-class -- Nest knows a module by its class
export class AppModule {
  static with(config: SessionConfig, { log, metrics }: ServiceContext): DynamicModule {
    const tell = (event: string, context: object) => log.warn(event, { ...context });
    const clock = systemClock;
    const providers: FactoryProvider[] = [
      provide(Bus, [], () => Bus.connect({ url: config.NATS_URL, name: 'session', log: tell })),
      provide(RedisLosses, [], () => new RedisLosses(clock)),
      provide(Presence, [RedisLosses], (losses) =>
        Presence.connect({
          url: config.REDIS_URL,
          log: (event, context) => {
            if (event !== 'redis-lost') return log.info(event, { ...context });
            losses.note();
            tell(event, context);
          },
        }),
      ),
      provide(Database, [], () => new Database({ url: config.DATABASE_URL, name: 'session', poolSize: config.DATABASE_POOL_SIZE, parameters: onePlanByIndex, log: tell })),
      provide(MessageDatabase, [], () => new MessageDatabase({ url: config.DATABASE_URL, name: 'session-messages', poolSize: 1, synchronousCommit: false, parameters: onePlanByIndex, log: tell })),

      provide(TenantSettings, [Database, Bus], (database, bus) => {
        const defaults = {
          newcomers: config.NEWCOMERS,
          bootPolicy: config.BOOT_POLICY,
          onBootConfiguration: config.ON_BOOT_CONFIGURATION === 'on',
          onBootLocalList: config.ON_BOOT_LOCAL_LIST === 'on',
        };
        return new TenantSettings(database, defaults, clock, log, (tenant) => bus.tell(tenantChanged, {}, { tenant }));
      }),
      provide(QuirkProfiles, [Database, Bus], (database, bus) => new QuirkProfiles(database, clock, log, (tenant) => bus.tell(tenantChanged, {}, { tenant }))),
      provide(StandingRules, [TenantSettings, QuirkProfiles], (tenants, quirks) => new StandingRules(tenants, quirks)),
      provide(OnBoot, [Database, Bus], (database, bus) => new OnBoot((station) => bootFacts(database, station), bus, log)),
      provide(NewcomerStore, [Database], (database) => new NewcomerStore(database)),
      provide(TakeNewcomer, [TenantSettings, NewcomerStore], (tenants, newcomers) => new TakeNewcomer(tenants, newcomers, config.NEWCOMERS_WAITING, log)),
      provide(
        ServeSettings,
        [Bus, Database, TenantSettings, QuirkProfiles, NewcomerStore],
        (bus, database, tenants, quirks, newcomers) =>
          new ServeSettings(bus, tenants, quirks, new TemplateStore(database), new SettingsStore(database), new DecideOnStation(newcomers, bus, log)),
      ),

      provide(PasswordChecks, [], () => new PasswordChecks({ atOnce: config.PASSWORD_CHECKS_AT_ONCE, waiting: config.PASSWORD_CHECKS_WAITING })),
      provide(
        KnownPasswords,
        [Presence],
        (presence) => new KnownPasswords(presence.verifiers, admissionKey(config.ADMISSION_SECRET), config.VERIFIER_HOURS * 3600, log),
      ),
      provide(
        RotatePassword,
        [Database, PasswordChecks, Bus],
        (database, checks, bus) =>
          new RotatePassword(new PendingStore(database), checks, (station) => bus.tell(stationChanged, {}, { ...station, change: 'credentials' }), log),
      ),
      provide(StationCertificates, [Database], (database) => {
        const common = config.STATION_CA_FILE === undefined ? { all: async () => [] } : new AuthoritiesInFile(config.STATION_CA_FILE, log);
        return new StationCertificates(database, common, config.STATION_CERTIFICATE_ORGANIZATION, clock);
      }),
      provide(
        AdmitStation,
        [Database, KnownPasswords, PasswordChecks, StationCertificates, RotatePassword, Bus, TakeNewcomer, StandingRules],
        (database, known, checks, certificates, rotation, bus, newcomers, rules) =>
          new AdmitStation(
            new StationCredentials(database, known),
            new RecognisePassword(known, checks),
            certificates,
            {
              settle: async (station, id) => void (await rotation.settle({ ...station, id, outcome: 'taken' })),
              raise: async (station, profile) => {
                if (!(await raiseProfile(database, station, profile))) return;
                log.info('security-profile-raised', { ...station, profile });
                // Gateways may remember an admission with the lower one.
                bus.tell(stationChanged, {}, { ...station, change: 'credentials' });
              },
              newcomer: (station, proven) => newcomers.run(station, proven),
              certificateRefused: (station, reason) => log.warn('client-certificate-refused', { ...station, reason, admitted: 'by its password' }),
            },
            rules,
            config.LEAST_SECURITY_PROFILE,
          ),
      ),
      provide(
        KeepStations,
        [Database, PasswordChecks, KnownPasswords, Bus],
        (database, checks, known, bus) =>
          new KeepStations(new StationStore(database), checks, known, (station, change) => bus.tell(stationChanged, {}, { ...station, change })),
      ),
      provide(Commits, [Database, MessageDatabase], (database, messageDatabase) => new Commits(database, messageDatabase, metrics.commits())),
      provide(ProgressStore, [Database], (database) => new ProgressStore(database)),
      provide(Certificates, [Bus, Database], (bus, database) => new Certificates(bus, database, config, clock, log)),
      provide(MeasureClocks, [Database], (database) => new MeasureClocks(new ClockStore(database, config.CLOCK_DRIFT_THRESHOLD_SECONDS * 1000), clock)),
      provide(Operations, [Commits, ProgressStore, Certificates, MeasureClocks, StandingRules, Bus], (commits, progress, { requestCertificate }, clocks, rules, bus) =>
        ocppOperations({
          registerStation: new RegisterStation(
            (boot) => commits.boot(boot),
            rules,
            { heartbeatSeconds: config.HEARTBEAT_SECONDS, retrySeconds: config.PENDING_RETRY_SECONDS },
            clock,
            (station) => bus.tell(stationChanged, {}, { ...station, change: 'standing' }),
          ),
          tellTime: new TellTime(clock),
          recordStatus: new RecordStatus((report) => commits.statuses.add(report), clocks.drift),
          receiveVendorMessage: new ReceiveVendorMessage(log),
          recordSecurityEvent: new RecordSecurityEvent((event) => commits.securityEvents.add(event)),
          requestCertificate,
          recordProgress: new RecordProgress((report) => progress.record(report)),
        }).forgive((tenant, make) => rules.quirks(tenant, make)),
      ),
      provide(
        SweepPods,
        [Database, Presence, RedisLosses],
        (database, presence, losses) =>
          new SweepPods(new PodStore(database), (pods) => presence.alivePods(pods), losses, clock, log, { restMs: 3 * config.POD_LIVENESS_SECONDS * 1000 }),
      ),
      provide(
        KeepPartitions,
        [Database],
        (database) =>
          new KeepPartitions(
            database,
            [
              { table: 'status_report', keepDays: config.STATUS_RETENTION_DAYS },
              { table: 'sample', keepDays: config.SAMPLE_RETENTION_DAYS },
              { table: 'message_log', keepDays: config.MESSAGE_LOG_RETENTION_DAYS },
            ],
            log,
          ),
      ),
    ];
    return { module: AppModule, providers };
  }
}
