import type { Payload } from '@ohmnibus/simulator';
import type { Ledger } from '../../invariants/ledger.js';
import type { Recording } from '../../invariants/logged-frames.js';
import { ChargePoint } from './charge-point.js';

type Answer = Parameters<ChargePoint['answers']>[1];

const facts = /^(StartTransaction|StopTransaction|MeterValues)$/;

/** The station of the cases about charging: a charge point that outlives its connections, and knows what it was promised. */
export class CertifiedStation {
  private point: ChargePoint | undefined;
  private readonly points: ChargePoint[] = [];
  private readonly scripted = new Map<string, Answer>();
  private readonly facts: Ledger['facts'][number][] = [];

  constructor(
    private readonly url: string,
    readonly id: string,
  ) {}

  /** Connects, boots, and says of the station and its connector that they are available. */
  async boot(): Promise<Payload> {
    await this.connect();
    const boot = await this.call('BootNotification', { chargePointVendor: 'Cert', chargePointModel: 'CP16' });
    for (const connectorId of [0, 1]) await this.status('Available', { connectorId });
    return boot;
  }

  async connect(): Promise<void> {
    this.point = await ChargePoint.connect(this.url, this.id);
    for (const [action, answer] of this.scripted) this.point.answers(action, answer);
    this.points.push(this.point);
  }

  /** The socket is gone without a word, as by a loss of power. */
  cut(): void {
    this.point?.cut();
    this.point = undefined;
  }

  async close(): Promise<void> {
    await this.point?.close();
    this.point = undefined;
  }

  async call(action: string, payload: Payload): Promise<Payload> {
    if (!this.point) throw new Error(`${this.id} is not connected`);
    const result = await this.point.call(action, payload);
    if (facts.test(action)) this.facts.push({ action, payload, result });
    return result;
  }

  async status(status: string, { connectorId = 1, errorCode = 'NoError', ...more }: Payload = {}): Promise<void> {
    await this.call('StatusNotification', { connectorId, errorCode, status, timestamp: now(), ...more });
  }

  async authorize(idTag: string): Promise<unknown> {
    return ((await this.call('Authorize', { idTag }))['idTagInfo'] as Payload)['status'];
  }

  async start(idTag: string, more: Payload = {}): Promise<number> {
    return Number((await this.call('StartTransaction', { connectorId: 1, idTag, meterStart: 100, timestamp: now(), ...more }))['transactionId']);
  }

  async meter(transactionId: number, wh: number, timestamp = now()): Promise<void> {
    await this.call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue: [{ value: String(wh), unit: 'Wh' }] }] });
  }

  stop(transactionId: number, reason: string, more: Payload = {}): Promise<Payload> {
    return this.call('StopTransaction', { transactionId, meterStop: 600, timestamp: now(), reason, ...more });
  }

  /** What it says from now on when it is asked for that. */
  answer(action: string, answer: Answer): void {
    this.scripted.set(action, answer);
    this.point?.answers(action, answer);
  }

  /** The payloads of what it was asked, in their order. */
  asks(action: string): Payload[] {
    return this.points.flatMap((point) => point.received(action));
  }

  /** How many CALLs went over its wire; see {@link story}. */
  get length(): number {
    return this.story().length;
  }

  /** The CALLs of both directions after the first so many, by their actions; those to the station begin with `<`. */
  story(since = 0): string[] {
    const calls = this.points.flatMap(({ frames }) => frames.flatMap(({ sent, frame: [type, , action] }) => (type === 2 ? [sent ? String(action) : `<${String(action)}`] : [])));
    return calls.slice(since);
  }

  /** Errors that the central system answered with. */
  get errors(): readonly unknown[] {
    return this.points.flatMap(({ frames }) => frames.filter(({ sent, frame: [type] }) => !sent && type === 4));
  }

  get ledger(): Ledger {
    return { station: this.id, facts: this.facts };
  }

  get recording(): Recording {
    return { station: this.id, frames: this.points.flatMap(({ frames }) => frames.map(({ sent, text }) => ({ direction: sent ? ('sent' as const) : ('received' as const), text }))) };
  }
}

export const now = (): string => new Date().toISOString();
