import type { ExchangeToLog, GatewayCall, StationCall } from '@ohmnibus/contracts';
import { versions } from '@ohmnibus/ocpp';
import type { Fault, ProtocolVersion, Standing } from '@ohmnibus/domain';
import { StationConnection, type ConnectionHost } from './station-connection.js';
import type { StationSocket } from './station-socket.js';

/** A socket that writes down what is done with it. */
export class RecordingSocket implements StationSocket {
  readonly sent: unknown[][] = [];
  ended: { code: number; reason: string } | undefined;
  /** Answers false to the next writes: the peer does not read. */
  full = false;
  onEnd: () => void = () => undefined;

  send(text: string): boolean {
    if (this.full) return false;
    this.sent.push(JSON.parse(text) as unknown[]);
    return true;
  }

  end(code: number, reason: string): void {
    this.ended ??= { code, reason };
    this.onEnd();
  }
}

interface Asked {
  readonly service: string;
  readonly call: StationCall;
  readonly answer: (payload: object, standing?: Standing) => Promise<void>;
  readonly fail: (fault: Fault) => Promise<void>;
}

/** A connection on a recording socket, with services that answer when the test says so. */
export class ConnectionFixture {
  readonly socket = new RecordingSocket();
  readonly asked: Asked[] = [];
  readonly logged: ExchangeToLog[] = [];
  readonly served: [action: string, outcome: string][] = [];
  readonly connection: StationConnection;
  closed = 0;
  standings = 0;

  constructor({ protocol = 'v16', queueLimit = 3, epoch = 7, id = 1, station = 'CP-1', standing }: { protocol?: ProtocolVersion; queueLimit?: number; epoch?: number; id?: number; station?: string; standing?: Standing } = {}) {
    const host: ConnectionHost = {
      queueLimit,
      ask: (service, call, receiver) => {
        const settle = (work: () => void) => {
          work();
          return new Promise<void>((done) => setImmediate(done));
        };
        const answer = (payload: object, decided?: Standing) => settle(() => receiver.answered({ kind: 'result', payload: JSON.stringify(payload), standing: decided }));
        this.asked.push({ service, call, answer, fail: (fault) => settle(() => receiver.failed(fault)) });
      },
      news: () => undefined,
      newsTaken: () => undefined,
      log: (_connection, _epoch, exchange) => this.logged.push(exchange),
      served: (action, outcome) => this.served.push([action, outcome]),
      closed: () => this.closed++,
      standing: () => this.standings++,
      now: () => new Date(),
    };
    this.connection = new StationConnection(id, { tenant: 'acme', station }, versions[protocol], '192.0.2.1', 0, this.socket, host, standing);
    this.socket.onEnd = () => this.close();
    if (epoch > 0) this.connection.owned(epoch);
  }

  frame(...frame: unknown[]): void {
    this.text(JSON.stringify(frame));
  }

  text(text: string): void {
    this.connection.frame(Buffer.from(text));
  }

  /** The socket closes, as the server tells of it: once. */
  close(): void {
    if (this.connection.open) this.connection.closed();
  }
}

let ids = 0;

export function gatewayCallOf(more: Partial<GatewayCall> = {}): GatewayCall {
  return { tenant: 'acme', station: 'CP-1', id: `c-${++ids}`, epoch: 7, deadline: Date.now() + 10_000, answerTimeoutMs: 10_000, action: 'Reset', payload: '{"type":"Soft"}', ...more };
}
