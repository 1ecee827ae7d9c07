import { packExchanges, writeExchange, writeStretchHead, Writer, type Direction, type ExchangeToLog, type StretchHead } from '@ohmnibus/contracts';
import type { ProtocolVersion } from '@ohmnibus/domain';
import { mayHoldSecrets } from '@ohmnibus/ocpp';
import type { Logged } from './exchange-log.js';

/** A row of the log that is a page of Postgres at most needs no place beside its table. Packed, frames of a station take a fourth of their bytes and less. */
const fullBytes = 24_000;
/** Where the exchanges of a stretch are put one behind the other. */
const gathered = new Writer(2 * fullBytes);

/** Exchanges of one connection that will be one row of the message log. */
export class OpenStretch implements StretchHead {
  private beganMs = Infinity;
  private endedMs = 0;
  direction: Direction = 'from-station';
  frame = 0;
  count = 0;
  secrets = false;
  bytes = 0;
  /** Where its exchanges begin and end in the writer. */
  private readonly spans: number[] = [];

  constructor(
    readonly of: Logged,
    readonly epoch: number,
    /** Shared by all stretches that leave together, since a buffer for each would cost more than what is written into it. */
    private readonly writer: Writer,
  ) {}

  get tenant(): string {
    return this.of.ref.tenant;
  }

  get station(): string {
    return this.of.ref.station;
  }

  get protocol(): ProtocolVersion {
    return this.of.version.name;
  }

  get beganAt(): Date {
    return new Date(this.beganMs);
  }

  get endedAt(): Date {
    return new Date(this.endedMs);
  }

  get full(): boolean {
    return this.bytes >= fullBytes;
  }

  /** How many bytes longer it is now. */
  add(exchange: ExchangeToLog): number {
    const begin = this.writer.length;
    const at = exchange.at.getTime();
    writeExchange(this.writer, exchange);
    const end = this.writer.length;
    this.spans.push(begin, end);
    this.count++;
    this.bytes += end - begin;
    if (at < this.beganMs) this.beganMs = at;
    if (at + exchange.latencyMs > this.endedMs) this.endedMs = at + exchange.latencyMs;
    this.direction = exchange.direction;
    this.frame = exchange.frame;
    this.secrets ||= mayHoldSecrets(exchange.action);
    return end - begin;
  }

  /** Appends itself to a pack. What has to be blanked out is looked into soon, and stays as it is until then. */
  writeTo(pack: Writer): void {
    gathered.rewind(0);
    gathered.spans(this.writer, this.spans);
    writeStretchHead(pack, this);
    pack.bytes(this.secrets ? gathered.written : packExchanges(gathered.written));
  }
}
