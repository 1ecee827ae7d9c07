import { connect, type Socket } from 'node:net';
import { pongFrame } from './frame-template.js';

export interface SocketListener {
  opened(): void;
  /** One message, in memory that is used again when this returns. */
  message(bytes: Buffer, start: number, end: number): void;
  closed(reason: string): void;
}

export interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string;
  readonly path: string;
  /** The value of the authorization header. */
  readonly authorization?: string;
}

/** All sockets read into the same memory: what one has read is worked on before the next one reads. */
const received = Buffer.allocUnsafe(65_536);
const endOfHead = Buffer.from('\r\n\r\n');
const opcodes = { text: 1, close: 8, ping: 9 } as const;

/** A WebSocket client with nothing but what the benchmark needs, so that the client stays cheap. */
export class ClientSocket {
  private readonly socket: Socket;
  private rest: Buffer | undefined;
  private open = false;
  private gone = false;

  constructor(
    target: SocketTarget,
    private readonly listener: SocketListener,
  ) {
    const { host, port, localAddress } = target;
    this.socket = connect({ host, port, localAddress, noDelay: true, onread: { buffer: received, callback: (length) => this.read(length) } });
    this.socket.on('connect', () => this.socket.write(upgradeRequest(target)));
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end(this.open ? 'cut off' : 'cut off before it was upgraded'));
  }

  write(frame: Buffer): void {
    this.socket.write(frame);
  }

  /** Closes without a word; the listener hears nothing more. A reset: tens of thousands of ports that wait for late packets make the next connects slow. */
  drop(): void {
    this.gone = true;
    this.socket.resetAndDestroy();
  }

  private end(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    this.socket.destroy();
    this.listener.closed(reason);
  }

  private read(length: number): boolean {
    const bytes = this.rest ? Buffer.concat([this.rest, received.subarray(0, length)]) : received;
    const end = this.rest ? bytes.length : length;
    let at = this.open ? 0 : this.readHead(bytes, end);
    while (this.open && !this.gone) {
      const next = this.readFrame(bytes, at, end);
      if (next === at) break;
      at = next;
    }
    this.rest = at < end && !this.gone ? Buffer.from(bytes.subarray(at, end)) : undefined;
    return true;
  }

  private readHead(bytes: Buffer, end: number): number {
    const at = bytes.subarray(0, end).indexOf(endOfHead);
    if (at < 0) return 0;
    const line = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
    if (!line.startsWith('HTTP/1.1 101')) {
      this.end(line);
      return end;
    }
    this.open = true;
    this.listener.opened();
    return at + endOfHead.length;
  }

  /** Reads a frame, if all of it is there; returns where the next one begins. */
  private readFrame(bytes: Buffer, at: number, end: number): number {
    if (end - at < 2) return at;
    let length = bytes[at + 1]! & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (end - at < 4) return at;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    }
    if (length === 127 || end < start + length) return at;
    const opcode = bytes[at]! & 0x0f;
    if (opcode === opcodes.text) this.listener.message(bytes, start, start + length);
    else if (opcode === opcodes.ping) this.write(pongFrame(bytes.subarray(start, start + length)));
    else if (opcode === opcodes.close) this.end(`closed with ${length >= 2 ? bytes.readUInt16BE(start) : 'no code'}`);
    return start + length;
  }
}

function upgradeRequest({ host, port, path, authorization }: SocketTarget): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: ocpp1.6',
    ...(authorization ? [`Authorization: ${authorization}`] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
