/** A measurement is trusted this long, in ms: clocks drift apart. */
const trustedMs = 60_000;

interface Measurement {
  /** Redis's time minus the monotonic time, in ms. */
  offset: number;
  /** How far off it may be, in ms. */
  error: number;
  /** On the monotonic clock, in ms. */
  at: number;
}

/** Redis's clock as seen from here: the monotonic local clock, which no one sets, plus an offset learnt from replies. */
export class RedisClock {
  private best: Measurement | undefined;

  /** @param monotonic the local clock, in ms */
  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /** Now on Redis's clock, in whole ms. The local wall clock until the first measurement. */
  now(): number {
    return this.best ? Math.floor(this.monotonic() + this.best.offset) : Date.now();
  }

  /**
   * Learns from a reply that carried Redis's time.
   * @param sentAt when the request left, on the monotonic clock, in ms
   * @param redisMs Redis's time, cut off to whole ms, at some moment between then and now
   */
  learn(sentAt: number, redisMs: number): void {
    const at = this.monotonic();
    const error = (at - sentAt) / 2 + 0.5;
    const offset = redisMs + 0.5 - (sentAt + at) / 2;
    const { best } = this;
    // The fastest round trip knows best, unless it is old or cannot be true any more because a clock was set.
    const keep = best && best.error < error && at - best.at < trustedMs && Math.abs(best.offset - offset) <= best.error + error;
    if (!keep) this.best = { offset, error, at };
  }

  /** Likewise from a reply to TIME. */
  learnFromTime(sentAt: number, reply: unknown): void {
    const [seconds, micros] = reply as [string, string];
    this.learn(sentAt, Number(seconds) * 1000 + Math.floor(Number(micros) / 1000));
  }
}
