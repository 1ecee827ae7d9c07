/** So many addresses are watched; somebody who tries more at once is told of in part. */
const maxAddresses = 1_000;

/**
 * Watches for TLS connections on which no request came: the library keeps to itself why a handshake fails. They are told of by address, a
 * while later.
 */
export class UnansweredHandshakes {
  private readonly waiting = new Map<string, { connections: number; since: number }>();

  constructor(
    private readonly waitMs: number,
    private readonly tell: (remoteAddress: string, connections: number) => void,
  ) {}

  /** A TCP connection was made. */
  connected(remoteAddress: string, now = Date.now()): void {
    const known = this.waiting.get(remoteAddress);
    if (known) known.connections++;
    else if (this.waiting.size < maxAddresses) this.waiting.set(remoteAddress, { connections: 1, since: now });
  }

  /** A request came from there, so TLS was agreed on. */
  requested(remoteAddress: string): void {
    const known = this.waiting.get(remoteAddress);
    if (!known) return;
    known.connections--;
    if (known.connections === 0) this.waiting.delete(remoteAddress);
  }

  /** To be called every now and then. */
  look(now = Date.now()): void {
    for (const [remoteAddress, { connections, since }] of this.waiting) {
      if (now - since < this.waitMs) continue;
      this.waiting.delete(remoteAddress);
      this.tell(remoteAddress, connections);
    }
  }
}
