import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Bus, EventStream, EventSubscription, retireSubscription } from '@ohmnibus/bus';
import { admission, connectionReport, deleteStation, measuredClocks, messageLog, proposePassword, putStation, readStretches, settlePassword, sighting, stationCall } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import { Operations } from '@ohmnibus/ocpp';
import { Presence } from '@ohmnibus/presence';
import { answerStation, Repeat, type RunningParts, type ServiceContext } from '@ohmnibus/runtime';
import { AdmitStation } from './admit-station/admit-station.js';
import { PasswordChecks } from './admit-station/password-checks.js';
import { AppModule } from './app.module.js';
import { Certificates } from './certificates.js';
import { Commits, MessageDatabase } from './commits.js';
import type { SessionConfig } from './config.js';
import { ForgetSecurityRecords } from './forget-security-records/forget-security-records.js';
import { KeepPartitions } from './keep-partitions/keep-partitions.js';
import { KeepStations } from './keep-stations/keep-stations.js';
import { withoutSecrets } from './keep-messages/without-secrets.js';
import { MeasureClocks } from './measure-clocks/measure-clocks.js';
import { OnBoot } from './on-boot/on-boot.js';
import { RotatePassword } from './rotate-password/rotate-password.js';
import { ServeSettings } from './serve-settings.js';
import { answerWithNews } from './station-state/answer-with-news.js';
import { SweepPods } from './sweep-pods/sweep-pods.js';

const hourMs = 3_600_000;
/** How soon upkeep that failed is tried again, in milliseconds. */
const upkeepRetryMs = 60_000;

/** Connects, serves, and says how to stop. */
export async function startSession(config: SessionConfig, context: ServiceContext): Promise<RunningParts> {
  const { log, metrics } = context;
  const app = await NestFactory.createApplicationContext(AppModule.with(config, context), { logger: false, abortOnError: false });
  const [bus, database, messageDatabase, presence] = [app.get(Bus), app.get(Database), app.get(MessageDatabase), app.get(Presence)];
  const [commits, admit, stations, sweep, partitions] = [app.get(Commits), app.get(AdmitStation), app.get(KeepStations), app.get(SweepPods), app.get(KeepPartitions)];
  const [checks, rotation] = [app.get(PasswordChecks), app.get(RotatePassword)];
  const certificates = app.get(Certificates);
  const securityRecords = new ForgetSecurityRecords(database, config.SECURITY_EVENT_RETENTION_DAYS);
  metrics.gauge('waiting_rows', 'Rows that wait for a commit', () => commits.depth);
  metrics.gauge('waiting_password_checks', 'Slow password checks that wait for their turn', () => checks.depth);

  const upkeep = new Repeat('partition-upkeep', () => partitions.run(), config.PARTITION_UPKEEP_MINUTES * 60_000, log, upkeepRetryMs).start();
  const sweeping = new Repeat('sweep', () => sweep.look(), config.SWEEP_SECONDS * 1000, log).start();
  const forgetting = new Repeat('security-records-upkeep', () => securityRecords.run(), config.PARTITION_UPKEEP_MINUTES * 60_000, log, upkeepRetryMs).start();
  const signing = certificates.work();
  const clocks = app.get(MeasureClocks);
  const measuring = new Repeat('clock-flush', () => clocks.flush(), config.CLOCK_FLUSH_SECONDS * 1000, log).start();
  const served = [
    bus.serve(admission, {}, (question) => admit.run(question)),
    bus.serve(stationCall, { service: 'session' }, answerWithNews(answerStation(app.get(Operations), context), (report) => commits.connection(report))),
    bus.serve(connectionReport, {}, (report) => commits.connection(report)),
    bus.serve(sighting, {}, (seen) => commits.sightings.add(seen)),
    bus.serve(messageLog, {}, (pack) => commits.messages.add(withoutSecrets(readStretches(pack)))),
    bus.serve(putStation, {}, (question) => stations.put(question)),
    bus.serve(proposePassword, {}, async (question) => {
      await rotation.propose(question);
      return {};
    }),
    bus.serve(settlePassword, {}, (question) => rotation.settle(question)),
    ...certificates.serve(),
    bus.serve(deleteStation, {}, (question) => stations.delete(question)),
    bus.serve(measuredClocks, {}, (question) => clocks.keep(question)),
    ...app.get(ServeSettings).start(),
  ];
  await EventStream.open(bus);
  const onBoot = app.get(OnBoot);
  const booted = await EventSubscription.open(bus, {
    name: 'on-boot-due',
    type: 'station.on-boot-due',
    handle: (event) => onBoot.run(event),
    atOnce: config.ON_BOOT_AT_ONCE,
    log: (event, about) => log.info(event, about),
  });
  // Of versions that heard of each boot.
  const retiring = new Repeat('retired-subscriptions', () => retireSubscription(bus, { name: 'on-boot', type: 'station.booted' }), hourMs, log).start();

  return {
    checks: {
      nats: () => {
        if (!bus.connected) throw new Error('not connected');
      },
      postgres: () => database.ping(),
      redis: () => presence.ping(),
    },
    stop: async () => {
      await Promise.all([...[...served, booted].map((serving) => serving.stop()), upkeep.stop(), sweeping.stop(), forgetting.stop(), signing.stop(), measuring.stop(), retiring.stop()]);
      await commits.drain();
      await bus.close();
      await Promise.all([presence.close(), database.close(), messageDatabase.close()]);
      await app.close();
    },
  };
}
