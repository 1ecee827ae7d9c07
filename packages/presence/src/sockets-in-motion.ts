/** The sockets that were claimed or released at some time during a round, by their holders. */
export interface Motion {
  readonly claimed: Set<string>;
  readonly released: Set<string>;
}

/**
 * Which sockets are being claimed and released. A round that compares the store with a list of held sockets needs to know: a socket
 * claimed meanwhile is in the store and not yet on the list, and one released meanwhile is on the list and must not stay in the store.
 */
export class SocketsInMotion {
  /** Claims under way, by holder. */
  private readonly claims = new Map<string, number>();
  /** Holders whose claim was settled in this turn. */
  private settled: string[] = [];
  private readonly rounds = new Set<Motion>();

  /** A claim of `holder` begins; `claimed` has to follow, whatever comes of it. */
  claiming(holder: string): void {
    this.claims.set(holder, (this.claims.get(holder) ?? 0) + 1);
    for (const round of this.rounds) round.claimed.add(holder);
  }

  /** The claim is settled. It counts until the turn is over: by then whoever waited for it has put the socket on their list. */
  claimed(holder: string): void {
    if (this.settled.length === 0) setImmediate(() => this.forget());
    this.settled.push(holder);
  }

  releasing(holder: string): void {
    for (const round of this.rounds) round.released.add(holder);
  }

  /** Runs `round` and keeps its account of what moves. */
  async during<T>(round: (motion: Motion) => Promise<T>): Promise<T> {
    const motion: Motion = { claimed: new Set(this.claims.keys()), released: new Set() };
    this.rounds.add(motion);
    try {
      return await round(motion);
    } finally {
      this.rounds.delete(motion);
    }
  }

  private forget(): void {
    for (const holder of this.settled) {
      const count = this.claims.get(holder)! - 1;
      if (count === 0) this.claims.delete(holder);
      else this.claims.set(holder, count);
    }
    this.settled = [];
  }
}
