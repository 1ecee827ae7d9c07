import { ClientSocket, type SocketListener, type SocketTarget } from './client-socket.js';
import { maskedFrame, maskedTime } from './frame-template.js';
import { cycle, firstRegister, registersOfStation, templateOf, type Kind } from './messages.js';
import { readAnswer } from './read-answer.js';
import type { Tally } from './tally.js';

/** What stations share. */
export interface StationHost {
  readonly tally: Tally;
  nextId(): number;
  /** A right answer came after so long. */
  answered(ms: number): void;
  /** The station is no longer connected, though nobody asked for that; `heard`: it had got an answer before. */
  lost(station: Station, reason: string, heard: boolean): void;
}

/** A simulated station: one question at a time, an answer to every call. */
export class Station implements SocketListener {
  /** Has a question without an answer. */
  waiting = false;
  connected = false;
  /** Of the charge that is under way; 0: none. */
  transaction = 0;
  private socket: ClientSocket | undefined;
  private turn: number;
  private id = 0;
  private kind: Kind = 'Heartbeat';
  private sentAt = 0;
  /** What its meter shows: a charge begins where the one before ended. */
  private register: number;
  private heard = false;
  private done: ((station: Station) => void) | undefined;
  private whenOpen: (() => void) | undefined;

  constructor(
    readonly index: number,
    private readonly host: StationHost,
  ) {
    // Stations stand at different places in their charge, so that every moment has the whole mix.
    this.turn = 1 + (index % (cycle.length - 1));
    this.register = firstRegister + index * registersOfStation;
  }

  connect(target: SocketTarget, whenOpen: () => void): void {
    this.whenOpen = whenOpen;
    this.heard = false;
    this.waiting = false;
    this.socket = new ClientSocket(target, this);
  }

  drop(): void {
    this.socket?.drop();
    this.connected = false;
    this.waiting = false;
  }

  /** Sends what comes next in a charge. */
  sendNext(done: (station: Station) => void): void {
    const kind = cycle[this.turn % cycle.length]!;
    this.turn++;
    this.send(kind, done);
  }

  send(kind: Kind, done: (station: Station) => void): void {
    const id = this.host.nextId();
    this.id = id;
    this.kind = kind;
    this.done = done;
    this.waiting = true;
    this.sentAt = performance.now();
    this.register++;
    const frame = templateOf(kind, this.turn).build({ id, at: timeNow(), wh: this.register, transaction: this.transaction, token: this.index });
    this.socket!.write(frame);
  }

  opened(): void {
    this.connected = true;
    this.whenOpen?.();
  }

  message(bytes: Buffer, start: number, end: number): void {
    if (bytes[start + 1] === 0x32) return this.answerCall(bytes.toString('latin1', start, end));
    if (!this.waiting) return this.wrong(`nothing was asked: ${bytes.toString('latin1', start, end)}`);
    const verdict = readAnswer(bytes, start, end, this.id, this.kind);
    this.waiting = false;
    this.heard = true;
    if (typeof verdict === 'string') return this.wrong(verdict);
    const { tally } = this.host;
    const kind = tally.kinds[this.kind];
    kind.count++;
    kind.ids += this.id;
    kind.registers += this.register;
    if (this.kind === 'StartTransaction') {
      this.transaction = verdict;
      tally.transactionNumbers += verdict;
    }
    this.host.answered(performance.now() - this.sentAt);
    this.done?.(this);
  }

  closed(reason: string): void {
    this.connected = false;
    this.host.lost(this, reason, this.heard);
  }

  /** Whatever is asked of it, it does. */
  private answerCall(text: string): void {
    const id = text.slice(4, text.indexOf('"', 4));
    this.socket!.write(maskedFrame(`[3,"${id}",{"status":"Accepted"}]`));
  }

  private wrong(what: string): void {
    this.host.tally.wrong++;
    if (this.host.tally.examples.length < 5) this.host.tally.examples.push(`station ${this.index}: ${what.slice(0, 300)}`);
  }
}

let madeAt = 0;
let made = maskedTime(0);

function timeNow(): Buffer {
  const now = Date.now();
  if (now !== madeAt) {
    madeAt = now;
    made = maskedTime(now);
  }
  return made;
}
