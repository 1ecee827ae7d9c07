import { EventEmitter } from 'node:events';
import type { StartCharge, StartedCharge, StopCharge } from './charging.js';
import type { Request } from './dialect.js';
import { asToken } from './evse.js';
import type { ConnectorStatus, Token } from './evse.js';
import type { Payload } from './rpc/frames.js';
import type { CallHandler } from './rpc/inbound-calls.js';
import type { Acknowledged, StationEvents } from './station-events.js';
import { StationLife } from './station-life.js';
import type { StationOptions } from './station-options.js';

/** A virtual charging station. The same verbs tell the same story in every version. */
export class SimulatedStation extends EventEmitter<StationEvents> {
  readonly id: string;
  private readonly life: StationLife;

  /** See createStation. */
  constructor(options: StationOptions) {
    super();
    this.id = options.id;
    this.life = new StationLife(options, this);
  }

  /** The socket is open. */
  get connected(): boolean {
    return this.life.connected;
  }

  /** The socket is open and the CSMS has accepted the station. */
  get online(): boolean {
    return this.life.online;
  }

  /** Transaction messages that the CSMS has acknowledged, in the order of its answers; kept with the option `ledger`. */
  get acknowledged(): readonly Acknowledged[] {
    return this.life.acknowledged;
  }

  /** State of each connector, by EVSE. */
  get status(): ReadonlyMap<number, ConnectorStatus> {
    return new Map([...this.life.evses].map(([id, { status }]) => [id, status]));
  }

  /** Transaction messages that the CSMS has not answered yet. */
  get queued(): number {
    return this.life.queue.length;
  }

  /**
   * Resolves when the CSMS has accepted the boot (with `autoBoot: false` when the socket is open). Rejects with UpgradeRefusedError or
   * ConnectFailedError if the first attempt fails, and stays away then; connections lost later are renewed.
   */
  connect(): Promise<void> {
    return this.life.connect();
  }

  /**
   * Closes cleanly and stays away, leaving no timer behind. Messages that wait are kept for a later connect; who waits for their answers
   * hears NotConnectedError. A charge goes on without periodic meter values.
   */
  disconnect(): Promise<void> {
    return this.life.disconnect();
  }

  /**
   * Destroys the TCP socket; the station comes back with back-off. With `powerLoss` it was the power of the station itself:
   * charges end and it boots anew. One that is `forgetful` has no memory of its charges afterwards, and never tells their end.
   */
  cut({ powerLoss = false, forgetful = false }: { readonly powerLoss?: boolean; readonly forgetful?: boolean } = {}): void {
    this.life.cut(powerLoss, forgetful);
  }

  /** A raw CALL, whatever the state of the station. Rejects with StationCallError, CallTimeoutError or NotConnectedError. */
  call(action: string, payload: Payload, options: { readonly timeoutMs?: number } = {}): Promise<Payload> {
    return this.life.call(action, payload, options.timeoutMs);
  }

  /** Writes to the socket as it is, past every rule; false if there is no open socket. */
  sendRaw(data: string | Buffer): boolean {
    return this.life.send(data);
  }

  /** Replaces or wraps what the station does for an action; see CallHandler. */
  onCall(action: string, handler: CallHandler): void {
    this.life.inbound.script(action, handler);
  }

  /** Sends one BootNotification and heeds its answer; needed only with `autoBoot: false`. */
  boot(): Promise<Payload> {
    return this.life.registration.boot();
  }

  /** A car arrives. */
  plugIn(evse: number): Promise<void> {
    return this.life.charging.plugIn(evse);
  }

  /** Resolves once the CSMS has answered; while offline at once. Rejects if it will not hear of it, with StationCallError. */
  startCharge(request: StartCharge): Promise<StartedCharge> {
    return this.life.charging.start(request);
  }

  /** Sends what the meter shows now, beside the periodic values. */
  reportMeter(evse: number): Promise<void> {
    return this.life.charging.meter(evse);
  }

  stopCharge(request: StopCharge): Promise<void> {
    return this.life.charging.stop(request);
  }

  /** The car leaves; a charge that is still on ends. */
  unplug(evse: number): Promise<void> {
    return this.life.charging.unplug(evse);
  }

  /** The CSMS's verdict on a token. */
  async authorize(token: string | Token): Promise<{ readonly status: string }> {
    const result = await this.request(this.life.dialect.authorize(asToken(token)));
    return { status: this.life.dialect.verdict(result) ?? 'Unknown' };
  }

  heartbeat(): Promise<Payload> {
    return this.life.registration.heartbeat();
  }

  /** Puts a connector into a state and says so, even if the CSMS has heard it. */
  async reportStatus(evse: number, status: ConnectorStatus): Promise<void> {
    const reported = this.life.charging.evse(evse);
    reported.status = status;
    await this.life.reports.repeat(reported);
  }

  dataTransfer(vendorId: string, messageId?: string, data?: string): Promise<Payload> {
    return this.request(this.life.dialect.dataTransfer(vendorId, messageId, data));
  }

  private request({ action, payload }: Request): Promise<Payload> {
    return this.call(action, payload);
  }

}

/** Makes a station; it does nothing until `connect`. */
export function createStation(options: StationOptions): SimulatedStation {
  return new SimulatedStation(options);
}
