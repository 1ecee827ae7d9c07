import { writeExchange, writeStretchOf, type Direction, type ExchangeToLog, type Writer } from '@ohmnibus/contracts';
import { mayHoldSecrets } from '@ohmnibus/ocpp';
import type { Logged } from './exchange-log.js';

/** A row of the log that is a page of Postgres at most needs no place beside its table. */
const fullBytes = 6_500;

/** Exchanges of one connection that will be one row of the message log. */
export class OpenStretch {
  private beganAt = Infinity;
  private endedAt = 0;
  private direction: Direction = 'from-station';
  private frame = 0;
  private secrets = false;
  /** Where its exchanges begin and end in the writer. */
  private readonly spans: number[] = [];
  bytes = 0;

  constructor(
    readonly of: Logged,
    readonly epoch: number,
    /** Shared by all stretches that leave together, since a buffer for each would cost more than what is written into it. */
    private readonly writer: Writer,
  ) {}

  get count(): number {
    return this.spans.length / 2;
  }

  get full(): boolean {
    return this.bytes >= fullBytes;
  }

  /** How many bytes longer it is now. */
  add(exchange: ExchangeToLog): number {
    const begin = this.writer.length;
    const at = exchange.at.getTime();
    writeExchange(this.writer, exchange);
    this.spans.push(begin, this.writer.length);
    const added = this.writer.length - begin;
    this.bytes += added;
    if (at < this.beganAt) this.beganAt = at;
    if (at + exchange.latencyMs > this.endedAt) this.endedAt = at + exchange.latencyMs;
    this.direction = exchange.direction;
    this.frame = exchange.frame;
    this.secrets ||= mayHoldSecrets(exchange.action);
    return added;
  }

  /** Appends itself to a pack. */
  writeTo(pack: Writer): void {
    const { count, direction, frame, epoch, secrets } = this;
    const { ref, version } = this.of;
    writeStretchOf(pack, { ...ref, protocol: version.name, epoch, beganAt: new Date(this.beganAt), endedAt: new Date(this.endedAt), direction, frame, count, secrets });
    pack.spans(this.writer, this.spans);
  }
}
