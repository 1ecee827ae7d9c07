import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Payload } from '../rpc/frames.js';
import { eventually } from './eventually.js';

/** A CALL that the test CSMS has received. */
export interface ReceivedCall {
  readonly id: string;
  readonly action: string;
  readonly payload: Payload;
  /** Which connection brought it, counted from 1. */
  readonly connection: number;
}

/** A payload is a CALLRESULT, a text the code of a CALLERROR, undefined no answer at all. */
export type Answer = Payload | string | undefined;

/** The least CSMS that stations of both versions can talk to; the test scripts its answers and reads what it got. */
export class TestCsms {
  readonly calls: ReceivedCall[] = [];
  readonly upgrades: IncomingMessage[] = [];
  /** Raw frames other than CALLs. */
  readonly answers: unknown[][] = [];
  /** HTTP status to refuse the next upgrades with. */
  refuseWith: number | undefined;
  private readonly scripts = new Map<string, (call: ReceivedCall) => Answer>();
  private readonly sockets = new Set<WebSocket>();
  private connections = 0;
  private nextId = 1;
  private transactions = 1000;

  private constructor(private readonly server: Server) {
    const wss = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
    server.on('upgrade', (request, socket, head) => {
      this.upgrades.push(request);
      if (this.refuseWith) socket.end(`HTTP/1.1 ${this.refuseWith} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      else wss.handleUpgrade(request, socket, head, (webSocket) => this.welcome(webSocket));
    });
  }

  static async listen(): Promise<TestCsms> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestCsms(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/ocpp`;
  }

  get openSockets(): number {
    return this.sockets.size;
  }

  /** Names of the actions received, in order. */
  get actions(): string[] {
    return this.calls.map(({ action }) => action);
  }

  on(action: string, script: (call: ReceivedCall) => Answer): void {
    this.scripts.set(action, script);
  }

  of(action: string): ReceivedCall[] {
    return this.calls.filter((call) => call.action === action);
  }

  /** The nth CALL of an action, once it has come. */
  received(action: string, nth = 1): Promise<ReceivedCall> {
    return eventually(`${action} number ${nth}`, () => this.of(action)[nth - 1]);
  }

  /** Asks every connected station and resolves with the first answer, the frame as it came. */
  async call(action: string, payload: Payload): Promise<unknown[]> {
    const id = this.send(action, payload);
    return eventually(`the answer to ${action}`, () => this.answers.find((frame) => frame[1] === id));
  }

  /** Asks without waiting; the id of the CALL. */
  send(action: string, payload: Payload): string {
    const id = `csms-${this.nextId++}`;
    for (const socket of this.sockets) socket.send(JSON.stringify([2, id, action, payload]));
    return id;
  }

  /** A CALLRESULT at a time of the test's choosing. */
  answer(id: string, payload: Payload): void {
    for (const socket of this.sockets) socket.send(JSON.stringify([3, id, payload]));
  }

  /** Tears every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private welcome(socket: WebSocket): void {
    const connection = ++this.connections;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as [number, string, string, Payload];
      if (frame[0] !== 2) return void this.answers.push(frame);
      const call = { id: frame[1], action: frame[2], payload: frame[3], connection };
      this.calls.push(call);
      const answer = (this.scripts.get(call.action) ?? ((asked) => this.usual(asked)))(call);
      if (typeof answer === 'string') socket.send(JSON.stringify([4, call.id, answer, '', {}]));
      else if (answer) socket.send(JSON.stringify([3, call.id, answer]));
    });
  }

  private usual({ action, payload }: ReceivedCall): Answer {
    const currentTime = new Date().toISOString();
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime, interval: 300 };
      case 'Heartbeat':
        return { currentTime };
      case 'Authorize':
        return payload['idTag'] ? { idTagInfo: { status: 'Accepted' } } : { idTokenInfo: { status: 'Accepted' } };
      case 'StartTransaction':
        return { transactionId: ++this.transactions, idTagInfo: { status: 'Accepted' } };
      case 'TransactionEvent':
        return payload['idToken'] ? { idTokenInfo: { status: 'Accepted' } } : {};
      case 'DataTransfer':
        return { status: 'Accepted' };
      default:
        return {};
    }
  }
}
