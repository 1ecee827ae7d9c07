import type { SecureContextOptions } from 'node:tls';
import WebSocket from 'ws';
import { backOffMs } from './back-off.js';
import type { BackOff } from './back-off.js';
import type { Clock } from './clock.js';
import { ConnectFailedError, NotConnectedError, UpgradeRefusedError } from './errors.js';
import type { Random } from './random.js';

/** The client's side of TLS: a certificate of its own, what it trusts, and whether it checks. */
export type StationTls = SecureContextOptions & { readonly rejectUnauthorized?: boolean };

export interface LinkOptions {
  readonly url: string;
  readonly subprotocol: string;
  readonly identity: string;
  /** Read at every attempt, as the CSMS may rotate it. */
  readonly password: () => string | Buffer | undefined;
  readonly localAddress?: string;
  readonly tls?: StationTls;
  readonly reconnect: BackOff | false;
  readonly clock: Clock;
  readonly random: Random;
  readonly opened: () => void;
  readonly received: (text: string) => void;
  readonly closed: () => void;
  /** An attempt of its own to come back came to nothing. */
  readonly failed: (error: Error) => void;
}

/** How long a clean close waits for the server's close frame. */
const closeGraceMs = 2_000;

/** Keeps one WebSocket to the CSMS: dials, closes, tears, and dials again with back-off. */
export class Link {
  private socket: WebSocket | undefined;
  private dialling: WebSocket | undefined;
  private stopRedial: (() => void) | undefined;
  private failedAttempts = 0;
  private wanted = false;
  /** When to come back from the restart under way. */
  private returnMs: number | undefined;

  constructor(private readonly options: LinkOptions) {}

  get isOpen(): boolean {
    return this.socket !== undefined;
  }

  /** One attempt. Rejects with UpgradeRefusedError or ConnectFailedError, and is then at rest. */
  async open(): Promise<void> {
    this.stopRedial?.();
    this.dialling?.terminate();
    this.wanted = true;
    try {
      await this.dial();
    } catch (error) {
      this.wanted = false;
      throw error;
    }
  }

  /** False if there is no open socket. */
  send(data: string | Buffer): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(data);
    return true;
  }

  /** Says goodbye, waits until the socket is gone, and stays away. */
  async close(code = 1000): Promise<void> {
    this.wanted = false;
    this.stopRedial?.();
    this.dialling?.terminate();
    await this.leave(code);
  }

  /** Says goodbye and comes back after `ms`, even if lost connections are not to be renewed. */
  async restart(ms: number): Promise<void> {
    if (!this.socket) return;
    this.returnMs = ms;
    await this.leave(1000);
  }

  /** Destroys the TCP socket without a word. The back-off brings the station back; with `ms` it comes back after that instead. */
  cut(ms?: number): void {
    const socket = this.socket;
    if (!socket) return;
    this.returnMs = ms;
    socket.terminate();
    this.gone(socket);
  }

  /** Counts attempts from zero again: the CSMS has accepted the station. */
  settle(): void {
    this.failedAttempts = 0;
  }

  private dial(): Promise<void> {
    const { url, subprotocol, identity, localAddress, tls } = this.options;
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, [subprotocol], {
        ...tls,
        ...(localAddress && { localAddress }),
        headers: authorization(identity, this.options.password()),
        perMessageDeflate: false,
        handshakeTimeout: 30_000,
      });
      this.dialling = socket;
      const refuse = (error: Error): void => {
        if (this.dialling === socket) this.dialling = undefined;
        reject(error);
      };
      socket.once('open', () => {
        this.dialling = undefined;
        this.socket = socket;
        resolve();
        this.options.opened();
      });
      socket.once('unexpected-response', (request, response) => {
        refuse(new UpgradeRefusedError(url, response.statusCode ?? 0));
        request.destroy();
      });
      // Stays on: a socket that fails later emits 'error' before its 'close'.
      socket.on('error', (error) => refuse(new ConnectFailedError(url, error)));
      socket.on('message', (data) => {
        if (this.socket === socket) this.options.received((data as Buffer).toString());
      });
      socket.once('close', () => {
        refuse(new NotConnectedError(`the connection to ${url} was closed`));
        this.gone(socket);
      });
    });
  }

  /** Reacts once to the end of the current socket; an older one's late close changes nothing. */
  private gone(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    const returnMs = this.returnMs;
    this.returnMs = undefined;
    this.options.closed();
    this.redial(returnMs);
  }

  private redial(ms?: number): void {
    const { reconnect, random, clock } = this.options;
    if (!this.wanted) return;
    const waitMs = ms ?? (reconnect && backOffMs(reconnect, this.failedAttempts, random));
    if (waitMs === false) return;
    this.failedAttempts += 1;
    this.stopRedial?.();
    this.stopRedial = clock.after(waitMs, () => {
      // Somebody may have connected by hand meanwhile.
      if (this.socket || this.dialling) return;
      this.dial().catch((error: Error) => {
        this.redial();
        this.options.failed(error);
      });
    });
  }

  private async leave(code: number): Promise<void> {
    const socket = this.socket;
    if (!socket) return;
    await new Promise<void>((resolve) => {
      const giveUp = this.options.clock.after(closeGraceMs, () => socket.terminate());
      socket.once('close', () => {
        giveUp();
        resolve();
      });
      socket.close(code);
    });
  }
}

/** The password is bytes, never decoded: a 1.6 key may be any. */
function authorization(identity: string, password: string | Buffer | undefined): Record<string, string> {
  if (password === undefined) return {};
  return { authorization: `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]).toString('base64')}` };
}
