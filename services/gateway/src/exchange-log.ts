import type { Bus } from '@ohmnibus/bus';
import { messageLog, type Direction, type LoggedExchange } from '@ohmnibus/contracts';
import type { Origin } from '@ohmnibus/domain';

/** One exchange as a connection saw it. */
export interface ExchangeRecord {
  readonly direction: Direction;
  readonly origin: Origin;
  readonly at: Date;
  readonly latencyMs: number;
  readonly messageId: string;
  readonly action: string;
  readonly request: Buffer | string;
  readonly answer: Buffer | string | undefined;
}

const retryMs = 1_000;

/**
 * Passes exchanges on to the message log without making a station wait. What the log did not take is kept and offered again; when too
 * much is kept, the newest is let go and counted.
 */
export class ExchangeLog {
  private readonly kept: LoggedExchange[] = [];
  private outstanding = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly options: { readonly limit: number; readonly dropped: () => void },
  ) {}

  /** Exchanges that are not in the log yet. */
  get depth(): number {
    return this.outstanding + this.kept.length;
  }

  record(record: ExchangeRecord): void {
    const { tenant, station, protocol, epoch, frame } = record.origin;
    const { direction, at, latencyMs, messageId, action } = record;
    this.offer({ tenant, station, protocol, epoch, frame, direction, at, latencyMs, messageId, action, request: bytesOf(record.request), answer: record.answer === undefined ? undefined : bytesOf(record.answer) });
  }

  /** Offers what is kept once more, and waits a while for what is outstanding. */
  async drain(timeoutMs: number): Promise<void> {
    this.offerKept();
    const end = Date.now() + timeoutMs;
    while (this.depth > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    clearTimeout(this.retry);
  }

  private offer(exchange: LoggedExchange): void {
    if (this.depth >= this.options.limit) return this.options.dropped();
    this.outstanding++;
    this.bus.ask(messageLog, {}, exchange).then(
      () => void this.outstanding--,
      () => {
        this.outstanding--;
        this.kept.push(exchange);
        this.retry ??= setTimeout(() => this.offerKept(), retryMs).unref();
      },
    );
  }

  private offerKept(): void {
    this.retry = undefined;
    for (const exchange of this.kept.splice(0)) this.offer(exchange);
  }
}

function bytesOf(frame: Buffer | string): Buffer {
  return typeof frame === 'string' ? Buffer.from(frame) : frame;
}
