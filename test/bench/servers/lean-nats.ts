import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The answer to a question; one with headers is an error. */
export interface LeanReply {
  readonly failed: boolean;
  readonly text: string;
}

interface Question {
  readonly askedAt: number;
  readonly answer: (reply: LeanReply) => void;
}

const endOfLine = Buffer.from('\r\n');
const timeoutMs = 30_000;

/**
 * As much of the NATS protocol as it takes to ask questions. The usual client needs several times the processor time for a question, which would
 * be counted against the server that is measured, as the stations' would be if they were not played by as lean a client.
 */
export class LeanNats {
  private readonly waiting = new Map<number, Question>();
  private readonly inbox = `_INBOX.bench-${process.pid}`;
  private asked = 0;
  private outgoing = '';
  private rest: Buffer | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => this.read(bytes));
    socket.on('error', (error) => console.error(`The connection to NATS failed: ${error.message}`));
    socket.on('close', () => {
      console.error(`NATS has closed the connection with ${this.waiting.size} questions unanswered: nothing more can be measured`);
      process.exit(1);
    });
    setInterval(() => this.giveUp(performance.now() - timeoutMs), 1_000);
    socket.write(`CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true,"name":"bench"}\r\nSUB ${this.inbox}.* 1\r\n`);
  }

  static async connect(url: string): Promise<LeanNats> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new LeanNats(socket);
  }

  /** What is asked in one turn of the event loop leaves together. */
  ask(subject: string, question: string): Promise<LeanReply> {
    return new Promise((resolve) => {
      const id = ++this.asked;
      this.waiting.set(id, { askedAt: performance.now(), answer: resolve });
      if (this.outgoing === '') queueMicrotask(() => this.flush());
      this.outgoing += `PUB ${subject} ${this.inbox}.${id} ${Buffer.byteLength(question)}\r\n${question}\r\n`;
    });
  }

  private flush(): void {
    this.socket.write(this.outgoing);
    this.outgoing = '';
  }

  private read(received: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, received]) : received;
    let at = 0;
    for (let end = bytes.indexOf(endOfLine); end >= 0; end = bytes.indexOf(endOfLine, at)) {
      const next = this.readOne(bytes.toString('latin1', at, end), bytes, end + 2);
      if (next < 0) break;
      at = next;
    }
    this.rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }

  /** Where the next one begins; -1 if this one is not all there. */
  private readOne(line: string, bytes: Buffer, start: number): number {
    if (line.startsWith('PING')) this.socket.write('PONG\r\n');
    const failed = line.startsWith('HMSG');
    if (!failed && !line.startsWith('MSG')) return start;
    const words = line.split(' ');
    const end = start + Number(words.at(-1));
    if (bytes.length < end + 2) return -1;
    const id = Number(words[1]!.slice(this.inbox.length + 1));
    const question = this.waiting.get(id);
    this.waiting.delete(id);
    question?.answer({ failed, text: bytes.toString('utf8', start, end) });
    return end + 2;
  }

  /** Fails what was asked before this time. */
  private giveUp(before: number): void {
    for (const [id, { askedAt, answer }] of this.waiting) {
      if (askedAt > before) return;
      this.waiting.delete(id);
      answer({ failed: true, text: 'no answer in time' });
    }
  }
}
