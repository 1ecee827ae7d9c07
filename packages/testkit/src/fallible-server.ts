import type { Server, ServerOptions } from '@ohmnibus/backing';
import type { TemporaryFolder } from './temporary-folder.js';

/** A server that a test can take away and give back; its address and its data stay the same. */
export class FallibleServer {
  private constructor(
    private server: Server,
    private readonly restart: () => Promise<Server>,
  ) {}

  static async start(start: (options: ServerOptions) => Promise<Server>, dataDir: string, folder: TemporaryFolder): Promise<FallibleServer> {
    const launch = async (port?: number) => {
      const server = await start({ dataDir, port, fsync: false });
      folder.claim.add(server.pid);
      return server;
    };
    const server = await launch();
    return new FallibleServer(server, () => launch(server.port));
  }

  get url(): string {
    return this.server.url;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Ends it at once (SIGKILL). */
  async crash(): Promise<void> {
    this.server.kill('SIGKILL');
    await this.server.exited;
  }

  /** Starts it again after `stop()` or `crash()`; resolves when it is ready. */
  async start(): Promise<void> {
    this.server = await this.restart();
  }

  /** Stops it from answering while its connections stay open, until `resume()`. */
  pause(): void {
    this.server.kill('SIGSTOP');
  }

  resume(): void {
    this.server.kill('SIGCONT');
  }
}
