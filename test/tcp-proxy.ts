import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Which way bytes go: `up` is from whoever connected to the server behind. */
export type Way = 'up' | 'down';

/**
 * A wire between a process and a server that can be held: bytes that were written stay on it and arrive once it is released, even if the
 * writer is gone by then, as a slow network would have it.
 */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private readonly held = new Map<Way, (() => void)[]>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** Listens on a loopback port of its own; `url` is where it leads. */
  static async to(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new TcpProxy(server, { host: hostname, port: Number(port) });
  }

  /** The same URL, through this proxy. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String((this.server.address() as AddressInfo).port);
    return proxied.href;
  }

  /** From now on nothing arrives that goes this way. */
  hold(way: Way): void {
    if (!this.held.has(way)) this.held.set(way, []);
  }

  /** What was held arrives, in order. */
  release(way: Way): void {
    const waiting = this.held.get(way) ?? [];
    this.held.delete(way);
    for (const pass of waiting) pass();
  }

  /** What was held is lost, and so are the connections that it was on. */
  drop(way: Way): void {
    this.held.delete(way);
    this.cut();
  }

  /** Chunks that were written this way and are held. */
  waiting(way: Way): number {
    return this.held.get(way)?.length ?? 0;
  }

  /** Drops what is held and cuts every connection. */
  async close(): Promise<void> {
    this.held.clear();
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  private join(client: Socket): void {
    const server = createConnection(this.target);
    const pair = { client, server };
    this.pairs.add(pair);
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', () => socket.destroy());
    this.pump(client, server, 'up');
    this.pump(server, client, 'down');
    server.on('close', () => this.pairs.delete(pair));
  }

  private pump(from: Socket, to: Socket, way: Way): void {
    const pass = (action: () => void) => {
      const waiting = this.held.get(way);
      if (waiting) waiting.push(action);
      else action();
    };
    from.on('data', (bytes: Buffer) => pass(() => to.writable && to.write(bytes)));
    // The end of a connection stays in line behind its bytes.
    from.on('end', () => pass(() => to.end()));
    from.on('close', () => pass(() => to.end()));
  }
}
