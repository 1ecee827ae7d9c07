import type { Bus } from '@ohmnibus/bus';
import { asFault, type ProtocolVersion, type StationRef } from '@ohmnibus/domain';
import { messageLog, Writer, type ExchangeToLog } from '@ohmnibus/contracts';
import { OpenStretch } from './open-stretch.js';

export interface ExchangeLogOptions {
  /** What may wait to be stored; beyond it exchanges are dropped. */
  readonly limitBytes: number;
  readonly dropped: (exchanges: number) => void;
}

/** Whose exchanges they are: one object per connection. */
export interface Logged {
  readonly ref: StationRef;
  readonly version: { readonly name: ProtocolVersion };
}

/** Stretches that began together, and what their exchanges are written into. */
interface Slice {
  readonly writer: Writer;
  readonly stretches: OpenStretch[];
}

interface Pack {
  readonly bytes: Buffer;
  readonly exchanges: number;
}

/** Stretches that began in the same so many milliseconds leave together: as few as pack in a moment, since nothing else is done meanwhile. */
const sliceMs = 50;
/**
 * How long a stretch is open, in slices: under load longer, since a row of the log costs much the same whether it holds one exchange or ten;
 * when nothing comes any more there is nothing to wait for.
 */
const openSlices = { atRest: 1, plain: 12, underLoad: 40 } as const;
/** Exchanges within a slice that are load. */
const loadExchanges = 50;
/** Slices in a row without an exchange that are rest. */
const restSlices = 2;
/** A pack leaves at this size: what fits into one read of a socket (64 KiB) is not put together again by who reads it, which takes memory of several times its length. */
const packBytes = 48 * 1024;
/** Well below what a message of NATS can hold (1 MiB). */
const mostBytes = 256 * 1024;
/** Of the limit: what comes too fast to stay open for long leaves early, and takes less room once it is packed. */
const openShare = 0.75;
/** Slices without an exchange until the memory that they are written into is given back. */
const restTurns = 200;
const retryMs = 1_000;
const to = {};

/**
 * Passes exchanges on to the message log without making a station wait. They are written down as they happen, by connection, and leave in packs
 * half a second later, under load two seconds. What the log did not take is kept and offered again; the log knows a stretch that it has already.
 */
export class ExchangeLog {
  private readonly open = new Map<Logged, OpenStretch>();
  /** Open stretches by the time at which they began, the oldest first. */
  private readonly begun: Slice[] = [];
  /** Of slices that have left: their memory is used again. */
  private readonly idleWriters: Writer[] = [];
  private openBytes = 0;
  /** Since the newest slice began. */
  private recorded = 0;
  /** Slices in a row until now without an exchange. */
  private without = 0;
  private idleTurns = 0;
  private readonly kept: Pack[] = [];
  private outstandingBytes = 0;
  private keptBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly options: ExchangeLogOptions,
  ) {}

  /** Bytes of exchanges that are not in the log yet. */
  get waitingBytes(): number {
    return this.openBytes + this.outstandingBytes + this.keptBytes;
  }

  record(of: Logged, epoch: number, exchange: ExchangeToLog): void {
    if (this.openBytes >= this.options.limitBytes * openShare) this.leave();
    if (this.waitingBytes >= this.options.limitBytes) return this.options.dropped(1);
    let stretch = this.open.get(of);
    if (!stretch || stretch.epoch !== epoch || stretch.full) {
      const { writer, stretches } = this.newest();
      stretch = new OpenStretch(of, epoch, writer);
      this.open.set(of, stretch);
      stretches.push(stretch);
    }
    this.recorded++;
    this.openBytes += stretch.add(exchange);
  }

  /** Offers everything once more, and waits a while until it is stored. */
  async drain(timeoutMs: number): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    while (this.begun.length > 0) this.leave();
    this.offerKept();
    const end = Date.now() + timeoutMs;
    while (this.waitingBytes > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    clearTimeout(this.retry);
  }

  private newest(): Slice {
    if (this.begun.length === 0) this.begin();
    this.timer ??= setInterval(() => this.turn(), sliceMs).unref();
    return this.begun.at(-1)!;
  }

  private begin(): void {
    this.begun.push({ writer: this.idleWriters.pop() ?? new Writer(), stretches: [] });
  }

  private turn(): void {
    this.without = this.recorded === 0 ? this.without + 1 : 0;
    const open = this.recorded >= loadExchanges ? openSlices.underLoad : this.without < restSlices ? openSlices.plain : openSlices.atRest;
    this.recorded = 0;
    while (this.begun.length >= open) this.leave();
    this.begin();
    this.idleTurns = this.begun.some(({ stretches }) => stretches.length > 0) ? 0 : this.idleTurns + 1;
    if (this.idleTurns < restTurns) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.begun.length = 0;
    this.idleWriters.length = 0;
  }

  /** The oldest slice leaves. */
  private leave(): void {
    const writer = new Writer();
    let exchanges = 0;
    const send = () => {
      if (exchanges > 0) this.offer({ bytes: writer.take(), exchanges });
      exchanges = 0;
    };
    const left = this.begun.shift();
    for (const stretch of left?.stretches ?? []) {
      if (this.open.get(stretch.of) === stretch) this.open.delete(stretch.of);
      if (writer.length + stretch.bytes > mostBytes) send();
      this.openBytes -= stretch.bytes;
      exchanges += stretch.count;
      stretch.writeTo(writer);
      if (writer.length >= packBytes) send();
    }
    send();
    left?.writer.rewind(0);
    if (left) this.idleWriters.push(left.writer);
  }

  private offer(pack: Pack): void {
    this.outstandingBytes += pack.bytes.length;
    this.bus.ask(messageLog, to, pack.bytes).then(
      () => {
        this.outstandingBytes -= pack.bytes.length;
      },
      (error: unknown) => {
        this.outstandingBytes -= pack.bytes.length;
        if (!asFault(error).transient) return this.options.dropped(pack.exchanges); // It would be refused again.
        this.keptBytes += pack.bytes.length;
        this.kept.push(pack);
        this.retry ??= setTimeout(() => this.offerKept(), retryMs).unref();
      },
    );
  }

  private offerKept(): void {
    this.retry = undefined;
    this.keptBytes = 0;
    for (const pack of this.kept.splice(0)) this.offer(pack);
  }
}
