import { randomUUID } from 'node:crypto';
import { eventually } from '@ohmnibus/testkit';
import WebSocket from 'ws';
import type { Recording } from './invariants/logged-frames.js';

export interface RawSocketOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whom it trusts, by what certificate it is known, from which address it comes. */
  readonly connection?: Pick<WebSocket.ClientOptions, 'ca' | 'cert' | 'key' | 'localAddress'>;
}

type Frame = readonly [type: number, id: unknown, ...rest: unknown[]];

/** A WebSocket that sends whatever a test writes and remembers whatever comes back. It answers nothing by itself. */
export class RawSocket {
  readonly frames: { direction: 'sent' | 'received'; text: string }[] = [];
  /** The close code, once it is closed; 1006 without a close frame. */
  closed: number | undefined;
  /** What the WebSocket library had to complain about. */
  private failure: string | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push({ direction: 'received', text: (data as Buffer).toString() }));
    socket.on('close', (code) => (this.closed = code));
    socket.on('error', (error) => (this.failure = error.message));
  }

  /** Rejects with the HTTP status in the message if the upgrade is refused. */
  static async open(url: string, { protocols = ['ocpp1.6'], headers = {}, connection = {} }: RawSocketOptions = {}): Promise<RawSocket> {
    const socket = new WebSocket(url, [...protocols], { ...connection, headers, perMessageDeflate: false });
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return raw;
  }

  /** The subprotocol that was agreed. */
  get protocol(): string {
    return this.socket.protocol;
  }

  get received(): string[] {
    return this.frames.filter(({ direction }) => direction === 'received').map(({ text }) => text);
  }

  /** Writes a text frame; bytes that are no UTF-8 go out as they are. `binary` makes it a binary frame. */
  send(data: string | Buffer, { binary = false } = {}): void {
    this.frames.push({ direction: 'sent', text: data.toString() });
    this.socket.send(data, { binary });
  }

  /** Sends a CALL and resolves with the whole frame that answers it. */
  async call(action: string, payload: object, id: string = randomUUID()): Promise<Frame> {
    this.send(JSON.stringify([2, id, action, payload]));
    return this.answerTo(id);
  }

  /** Rejects at once if the socket closes before. */
  async answerTo(id: string, timeoutMs = 15_000): Promise<Frame> {
    const find = () => this.received.map((text) => JSON.parse(text) as Frame).find((frame) => frame[0] !== 2 && frame[1] === id);
    const answer = await eventually(`the CSMS answers ${id}`, () => find() ?? this.closed, { timeoutMs });
    if (typeof answer === 'number') throw new Error(`the socket closed with ${answer} (${this.failure ?? 'no error'}) before ${id} was answered`);
    return answer;
  }

  /** CALLs that the CSMS has sent. */
  calls(action: string): Frame[] {
    return this.received.map((text) => JSON.parse(text) as Frame).filter(([type, , name]) => type === 2 && name === action);
  }

  async whenClosed(timeoutMs = 15_000): Promise<number> {
    await eventually('the CSMS closes the socket', () => this.closed !== undefined, { timeoutMs });
    return this.closed!;
  }

  /** Closes in good order. */
  async close(): Promise<void> {
    if (this.closed === undefined) this.socket.close(1000);
    await eventually('the socket is closed', () => this.closed !== undefined);
  }

  /** Destroys the TCP connection without a word. */
  terminate(): void {
    this.socket.terminate();
  }

  /** For the message log's invariant. */
  recording(station: string): Recording {
    return { station, frames: this.frames };
  }
}

/** The HTTP status with which an upgrade is refused; throws if it is accepted. */
export async function refusal(url: string, options: RawSocketOptions = {}): Promise<number> {
  try {
    const socket = await RawSocket.open(url, options);
    await socket.close();
  } catch (error) {
    const [, status] = /Unexpected server response: (\d+)/.exec((error as Error).message) ?? [];
    if (status) return Number(status);
    throw error;
  }
  throw new Error(`${url} was accepted`);
}
