import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { StationCertificates } from './certificates.js';
import { Charging, unwaited } from './charging.js';
import type { Clock } from './clock.js';
import type { BootReason, Dialect, Protocol, Request } from './dialect.js';
import { EnergyMeter } from './energy-meter.js';
import { NotConnectedError } from './errors.js';
import { Evse } from './evse.js';
import { FirmwareUpdates } from './firmware-updates.js';
import { Link } from './link.js';
import { InstalledProfiles } from './installed-profiles.js';
import { LocalList } from './local-list.js';
import { LogUploads } from './log-uploads.js';
import { OfflineQueue } from './offline-queue.js';
import { Registration } from './registration.js';
import { RemoteControl } from './remote-control.js';
import { Reservations } from './reservations.js';
import type { Restart } from './remote-control.js';
import { parseFrame } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import { InboundCalls } from './rpc/inbound-calls.js';
import { OutgoingCalls } from './rpc/outgoing-calls.js';
import type { AcknowledgedCall } from './rpc/outgoing-calls.js';
import { VariableTable } from './settings.js';
import type { Settings } from './settings.js';
import type { Acknowledged, SeenFrame, StationEvents } from './station-events.js';
import { initialSettings, stationPlate, stationUrl, withDefaults } from './station-options.js';
import type { StationOptions } from './station-options.js';
import { StatusReports } from './status-reports.js';
import { v15Station } from './v15-station.js';
import { v16Station } from './v16-station.js';
import { v201Station } from './v201-station.js';

const dialects: Record<Protocol, Dialect> = { 'ocpp1.5': v15Station, 'ocpp1.6': v16Station, 'ocpp2.0.1': v201Station };
const transactionActions = new Set(['StartTransaction', 'MeterValues', 'StopTransaction', 'TransactionEvent']);

/** The inside of a station: its parts wired together, and how they live through connections, losses and restarts. */
export class StationLife {
  readonly acknowledged: Acknowledged[] = [];
  readonly dialect: Dialect;
  readonly evses = new Map<number, Evse>();
  readonly inbound: InboundCalls;
  readonly queue: OfflineQueue;
  readonly reports: StatusReports;
  readonly registration: Registration;
  readonly charging: Charging;
  private readonly reservations: Reservations;
  private readonly firmware: FirmwareUpdates;
  private readonly logs: LogUploads;
  private readonly clock: Clock;
  private readonly settings: Settings;
  private readonly link: Link;
  private readonly calls: OutgoingCalls;
  private connecting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  /** The CSMS has yet to hear how every connector is. */
  private restarted = true;
  private announced = false;

  constructor(
    private readonly options: StationOptions,
    private readonly events: EventEmitter<StationEvents>,
  ) {
    const { callTimeoutMs, clock, bootRetryMs, restartMs, reconnect } = withDefaults(options);
    const { heartbeatSeconds, localAddress, tls, random = Math.random, timeScale = 1, messageId = randomUUID } = options;
    const plate = stationPlate(options);
    this.clock = clock;
    this.dialect = dialects[options.protocol];
    this.settings = initialSettings(options);
    for (let id = 1; id <= plate.evses; id += 1) this.evses.set(id, new Evse(id, new EnergyMeter(random, timeScale)));

    const { dialect, settings, evses } = this;
    const online = (): boolean => this.online;
    const call = (action: string, payload: Payload): Promise<Payload> => this.calls.call(action, payload);
    const send = (text: string): boolean => this.send(text);
    this.link = new Link({
      url: stationUrl(options),
      subprotocol: options.protocol,
      identity: options.id,
      password: () => settings.password,
      localAddress,
      tls,
      reconnect,
      clock,
      random,
      opened: () => this.opened(),
      received: (text) => this.received(text),
      closed: () => this.closed(),
      failed: (error) => events.emit('connectFailed', error),
    });
    this.calls = new OutgoingCalls({
      clock,
      timeoutMs: callTimeoutMs,
      messageId,
      send,
      settled: (settled) => events.emit('settled', settled),
      acknowledged: (fact) => this.keep(fact),
    });
    this.queue = new OfflineQueue({
      clock,
      send: call,
      attempts: () => settings.messageAttempts,
      retryIntervalMs: () => settings.retrySeconds * 1000,
    });
    this.reports = new StatusReports({ clock, dialect, evses, online, call });
    this.registration = new Registration({
      clock,
      dialect,
      plate,
      settings,
      heartbeatSeconds,
      retryMs: bootRetryMs,
      call,
      accepted: () => this.ready(),
      refused: () => this.unready(),
    });
    const { queue, reports, registration } = this;
    const idle = (): void => control.becameIdle();
    const localList = new LocalList(() => settings.localList, () => clock.now());
    this.reservations = new Reservations({ clock, evses, changed: (evse) => unwaited(reports.set(evse, evse.restingStatus)) });
    const { reservations } = this;
    const profiles = new InstalledProfiles({ clock, evses });
    this.charging = new Charging({ clock, random, dialect, settings, evses, queue, localList, reservations, profiles, reports, timeScale, online, call, idle });
    this.firmware = new FirmwareUpdates({
      clock,
      installMs: restartMs,
      report: (status, requestId) => this.report(dialect.firmwareStatus?.(status, requestId)),
      restart: () => control.reset({ graceful: true, stopReason: 'Reboot', bootReason: 'RemoteReset' }, true).after?.(),
      install: (version) => (plate.firmware = version),
    });
    this.logs = new LogUploads({
      id: options.id,
      clock,
      lines: () => [`firmware ${plate.firmware}`, ...[...evses.values()].map(({ id, status }) => `EVSE ${id} ${status}`)],
      report: (status, requestId) => this.report(dialect.logStatus?.(status, requestId)),
    });
    const control = new RemoteControl({
      clock,
      vendor: plate.vendor,
      acceptRemote: options.acceptRemote ?? true,
      settings,
      evses,
      charging: this.charging,
      localList,
      reservations,
      profiles,
      reports,
      registration,
      firmware: this.firmware,
      logs: this.logs,
      certificates: new StationCertificates({ id: options.id, call, now: () => new Date(clock.now()) }),
      call,
      dialect,
      restart: (restart) => unwaited(this.restart(restart)),
    });
    const table = new VariableTable(dialect.variables(plate), settings, (setting) => this.changed(setting));
    this.inbound = new InboundCalls(dialect.commands(control, table), send);
  }

  /** The socket is open. */
  get connected(): boolean {
    return this.link.isOpen;
  }

  /** The socket is open and the CSMS has accepted the station. */
  get online(): boolean {
    return this.link.isOpen && (this.registration.isAccepted || this.options.autoBoot === false);
  }

  /** See SimulatedStation.connect. */
  async connect(): Promise<void> {
    if (this.online) return;
    if (this.connecting || this.connected) throw new NotConnectedError(`${this.options.id} is connecting already`);
    const ready = new Promise<void>((resolve, reject) => {
      this.connecting = { resolve, reject };
    });
    this.charging.rescheduleMetering();
    this.reservations.wake();
    this.link.open().catch((error: Error) => this.giveUp(error));
    await ready;
  }

  /** See SimulatedStation.disconnect. */
  async disconnect(): Promise<void> {
    const reason = new NotConnectedError(`${this.options.id} was told to disconnect`);
    this.giveUp(reason);
    this.reservations.rest();
    this.firmware.callOff();
    this.logs.callOff();
    this.charging.stopMetering();
    await this.link.close();
    this.queue.abandon(reason);
  }

  /** See SimulatedStation.cut. */
  cut(powerLoss: boolean, forgetful: boolean): void {
    if (powerLoss) this.forgetBoot('PowerUp');
    this.link.cut();
    if (powerLoss && forgetful) this.charging.forgetAll();
    else if (powerLoss) unwaited(this.charging.stopAll('PowerLoss'));
  }

  call(action: string, payload: Payload, timeoutMs?: number): Promise<Payload> {
    return this.calls.call(action, payload, timeoutMs);
  }

  send(data: string | Buffer): boolean {
    const sent = this.link.send(data);
    if (sent) this.show('sent', data);
    return sent;
  }

  private opened(): void {
    if (this.online) this.ready();
    else unwaited(this.registration.boot());
  }

  /** Accepted, or back after a mere loss of the connection. */
  private ready(): void {
    this.link.settle();
    this.registration.scheduleHeartbeat();
    if (this.registration.isAccepted) {
      unwaited(this.restarted ? this.reports.all().then(() => this.firmware.booted()) : this.reports.changed());
      this.restarted = false;
    }
    this.queue.resume();
    this.connecting?.resolve();
    this.connecting = undefined;
    if (!this.announced) this.events.emit('online');
    this.announced = true;
  }

  private unready(): void {
    this.queue.pause();
    if (this.announced) this.events.emit('offline');
    this.announced = false;
  }

  private closed(): void {
    this.registration.rest();
    this.unready();
    this.calls.lost();
    if (this.options.reconnect === false) this.giveUp(new NotConnectedError('the connection was lost before the station was accepted'));
  }

  private giveUp(error: Error): void {
    this.connecting?.reject(error);
    this.connecting = undefined;
  }

  private received(text: string): void {
    this.show('received', text);
    const frame = parseFrame(text);
    if (!frame) return;
    if (frame.kind === 'call') unwaited(this.inbound.handle(frame.id, frame.action, frame.payload));
    else this.calls.answer(frame);
  }

  private async restart({ graceful, stopReason, bootReason }: Restart): Promise<void> {
    const { restartMs, callTimeoutMs, clock } = withDefaults(this.options);
    if (!graceful) {
      this.forgetBoot(bootReason);
      this.link.cut(restartMs);
      return this.charging.stopAll(stopReason);
    }
    unwaited(this.charging.stopAll(stopReason));
    await new Promise<void>((resolve) => {
      const impatient = clock.after(callTimeoutMs, resolve);
      void this.queue.drained().then(impatient).then(resolve);
    });
    this.forgetBoot(bootReason);
    await this.link.restart(restartMs);
  }

  /** What the CSMS does not hear, because the connection is lost, is not repeated: the next report tells more. */
  private async report(request: Request | undefined): Promise<void> {
    if (request) await this.call(request.action, request.payload).catch(() => undefined);
  }

  private forgetBoot(reason: BootReason): void {
    this.registration.forget(reason);
    this.restarted = true;
  }

  /** The CSMS has written a setting; it takes effect at once. */
  private changed(setting: keyof Settings): void {
    if (setting === 'heartbeatSeconds') this.registration.scheduleHeartbeat();
    if (setting === 'meterSeconds') this.charging.rescheduleMetering();
    // A new password is used by coming back with it (2.0.1 A01), once the answer is out.
    if (setting === 'password') this.clock.after(0, () => unwaited(this.link.restart(0)));
  }

  private keep(fact: AcknowledgedCall): void {
    if (this.options.ledger && transactionActions.has(fact.action)) this.acknowledged.push({ ...fact, at: this.clock.now() });
  }

  private show(direction: SeenFrame['direction'], data: string | Buffer): void {
    if (this.events.listenerCount('frame') > 0) this.events.emit('frame', { direction, text: String(data), at: this.clock.now() });
  }
}
