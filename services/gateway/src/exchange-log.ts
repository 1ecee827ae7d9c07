import type { Bus } from '@ohmnibus/bus';
import { asFault } from '@ohmnibus/domain';
import { messageLog, writeExchange, Writer, type ExchangeToLog } from '@ohmnibus/contracts';

export interface ExchangeLogOptions {
  /** What may wait to be stored; beyond it exchanges are dropped. */
  readonly limitBytes: number;
  readonly dropped: (exchanges: number) => void;
}

interface Pack {
  readonly bytes: Buffer;
  readonly exchanges: number;
}

const windowMs = 25;
const packBytes = 256 * 1024;
const retryMs = 1_000;
const to = {};

/**
 * Passes exchanges on to the message log without making a station wait. They are written into a pack as they happen, and a pack leaves when it
 * is full or a moment old. What the log did not take is kept and offered again; one whose storing was not answered in time may be there twice.
 */
export class ExchangeLog {
  private readonly writer = new Writer();
  private exchanges = 0;
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
    return this.writer.length + this.outstandingBytes + this.keptBytes;
  }

  record(exchange: ExchangeToLog): void {
    if (this.waitingBytes >= this.options.limitBytes) return this.options.dropped(1);
    // Together they could be more than a message of NATS can hold.
    if (exchange.request.length + (exchange.answer?.length ?? 0) > packBytes) this.flush();
    writeExchange(this.writer, exchange);
    this.exchanges++;
    if (this.writer.length >= packBytes) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), windowMs);
  }

  /** Offers everything once more, and waits a while until it is stored. */
  async drain(timeoutMs: number): Promise<void> {
    this.flush();
    this.offerKept();
    const end = Date.now() + timeoutMs;
    while (this.waitingBytes > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    clearTimeout(this.retry);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.exchanges === 0) return;
    const pack = { bytes: this.writer.take(), exchanges: this.exchanges };
    this.exchanges = 0;
    this.offer(pack);
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
