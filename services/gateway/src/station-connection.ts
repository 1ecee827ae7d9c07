import type { Receiver } from '@ohmnibus/bus';
import { plainStanding, type ExchangeToLog, type StationAnswer, type StationCall } from '@ohmnibus/contracts';
import type { Fault, Origin, Standing, StationRef } from '@ohmnibus/domain';
import { asksForAcceptance, errorAnswer, errorFrame, frameFault, readFrame, resultFrame, route, timeReply, type CallFrame, type Frame, type Version } from '@ohmnibus/ocpp';
import { CallQueue } from './call-queue.js';
import { closeCodes, type SocketEvents, type StationSocket } from './station-socket.js';
import { gateFor, StationGate } from './station-gate.js';

/** What a connection needs of its pod. */
export interface ConnectionHost {
  readonly queueLimit: number;
  ask(service: string, call: StationCall, receiver: Receiver<StationAnswer>): void;
  /** The station boots: what is still to be said of its connection, if anything. */
  news(connection: StationConnection): StationCall['connected'];
  /** Session has what a boot of the connection brought along. */
  newsTaken(connection: StationConnection): void;
  log(connection: StationConnection, epoch: number, exchange: ExchangeToLog): void;
  /** How long a CALL of a station took, in seconds. */
  served(action: string, outcome: 'result' | 'error', seconds: number): void;
  closed(connection: StationConnection): void;
  /** A boot was answered with something else than plain acceptance: what was remembered of the station is outdated. */
  standing(station: StationRef): void;
  now(): Date;
}

/**
 * One open socket of a station. Frames are worked on one at a time, in the order in which they came; those that come meanwhile wait in a
 * bounded queue. Calls to the station have a queue of their own: the directions are independent and may cross.
 */
export class StationConnection implements SocketEvents {
  /** 0 until the claim of ownership is through: until then nothing is worked on and nothing is sent. */
  epoch = 0;
  /** Frames were heard since the pod last told of sightings. */
  heard = true;
  open = true;
  readonly calls: CallQueue;
  /** Absent while there is nothing to mind: see StationGate. */
  gate: StationGate | undefined;
  private frames = 0;
  private working = false;
  private waiting: Buffer[] | undefined;

  constructor(
    /** Unique within the pod. */
    readonly id: number,
    readonly ref: StationRef,
    readonly version: Version,
    readonly remoteAddress: string,
    /** On Redis's clock, in milliseconds. */
    readonly acceptedAt: number,
    private readonly socket: StationSocket,
    private readonly host: ConnectionHost,
    standing?: Standing,
  ) {
    this.gate = gateFor(standing);
    this.calls = new CallQueue(this, host);
  }

  /** The claim is through, or was renewed: what waited for it goes on. */
  owned(epoch: number): void {
    this.epoch = epoch;
    this.next();
  }

  /** Calls in work, of either direction. */
  get busy(): boolean {
    return this.working || this.calls.busy;
  }

  frame(bytes: Buffer): void {
    this.heard = true;
    const frame = readFrame(bytes);
    if (frame.kind === 'result' || frame.kind === 'error') {
      if (!this.calls.answered(frame, bytes)) this.record(this.stamp(), bytes, '', frame.id.text, undefined);
      return;
    }
    if (this.epoch !== 0 && !this.working) return this.work(frame, bytes);
    this.waiting ??= [];
    if (this.waiting.length < this.host.queueLimit) this.waiting.push(bytes);
    else this.refuse(frame, bytes);
  }

  closed(): void {
    this.open = false;
    this.waiting = undefined;
    this.calls.closed();
    this.host.closed(this);
  }

  /** Writes a frame; a station that does not read is given up. */
  send(text: string): boolean {
    if (!this.open) return false;
    const written = this.socket.send(text);
    if (!written) this.socket.end(closeCodes.tryLater, 'too much is waiting to be read');
    return written;
  }

  close(code: number, reason: string): void {
    this.socket.end(code, reason);
  }

  /** The stamp of the next frame. */
  stamp(): Origin {
    const { tenant, station } = this.ref;
    return { tenant, station, protocol: this.version.name, epoch: this.epoch, frame: ++this.frames, receivedAt: this.host.now() };
  }

  private next(): void {
    while (this.waiting && !this.working && this.open) {
      const bytes = this.waiting.shift();
      if (this.waiting.length === 0) this.waiting = undefined;
      if (bytes) this.work(readFrame(bytes), bytes);
    }
  }

  private work(frame: Frame, bytes: Buffer): void {
    const origin = this.stamp();
    if (frame.kind === 'call') return this.serve(frame, origin, bytes);
    if (frame.kind !== 'unreadable' && frame.kind !== 'unknown-type') return;
    const answer = frameFault(this.version.name, frame);
    if (answer !== undefined) this.send(answer);
    this.record(origin, bytes, '', frame.id?.text ?? '', answer);
  }

  private serve(frame: CallFrame, origin: Origin, bytes: Buffer): void {
    const boots = asksForAcceptance(this.version.name, frame.action);
    if (boots) (this.gate ??= new StationGate(plainStanding)).bootBegins();
    else if (this.gate?.refuses(frame.action, origin.receivedAt.getTime())) {
      const refusal = { code: 'forbidden', message: 'the station is not accepted: nothing but its boot, and what it was asked for, is served' } as const;
      return this.answer(frame, origin, bytes, errorAnswer(this.version.name, refusal));
    }
    const time = timeReply(this.version.name, frame.action, frame.payload, origin.receivedAt);
    if (time !== undefined) return this.answerNow(frame, origin, bytes, { kind: 'result', payload: time });
    const service = route(this.version.name, frame.action);
    if (service === 'unknown-action' || service === 'unsupported-action') {
      const message = service === 'unknown-action' ? `${frame.action} is not an action of this version` : `${frame.action} is not served`;
      return this.answer(frame, origin, bytes, errorAnswer(this.version.name, { code: service, message }));
    }
    this.working = true;
    const connected = boots ? this.host.news(this) : undefined;
    const call = { origin, messageId: frame.id.text, action: frame.action, payload: frame.payload, quirks: this.gate?.quirks, connected };
    this.host.ask(service, call, new CallInWork(this, frame, origin, bytes, boots, connected !== undefined));
  }

  newsTaken(): void {
    this.host.newsTaken(this);
  }

  /** A service has answered, or did not. */
  finish({ frame, origin, bytes, boots }: CallInWork, answer: StationAnswer): void {
    this.working = false;
    this.answer(frame, origin, bytes, answer);
    if (this.gate) this.moveGate(this.gate, answer, boots);
    this.next();
  }

  /** What needs no service: see timeReply. */
  private answerNow(frame: CallFrame, origin: Origin, bytes: Buffer, answer: StationAnswer): void {
    this.answer(frame, origin, bytes, answer);
    if (this.gate) this.moveGate(this.gate, answer, false);
  }

  /** What was answered may let our own calls through, or keep them back. */
  private moveGate(gate: StationGate, answer: StationAnswer, boots: boolean): void {
    const standing = answer.kind === 'result' ? answer.standing : undefined;
    if (boots) gate.bootEnds(standing, this.host.now().getTime());
    else if (answer.kind === 'result') gate.heard();
    if (gate.needless) this.gate = undefined;
    else if (standing) this.host.standing(this.ref);
    this.calls.resume();
  }

  private answer(frame: CallFrame, origin: Origin, bytes: Buffer, answer: StationAnswer): void {
    const text = answer.kind === 'result' ? resultFrame(frame.id, answer.payload) : errorFrame(frame.id, answer.code, answer.description, answer.details);
    const written = this.send(text);
    this.host.served(frame.action, answer.kind, (this.host.now().getTime() - origin.receivedAt.getTime()) / 1000);
    this.record(origin, bytes, frame.action, frame.id.text, written ? text : undefined);
  }

  /** More is waiting than a station that keeps to the protocol would ever send. */
  private refuse(frame: Frame, bytes: Buffer): void {
    const origin = this.stamp();
    const answer = errorAnswer(this.version.name, { code: 'overloaded', message: 'too many calls are waiting for an answer' });
    if (frame.kind === 'call') this.answer(frame, origin, bytes, answer);
    else this.record(origin, bytes, '', '', undefined);
  }

  private record(origin: Origin, request: Buffer, action: string, messageId: string, answer: string | undefined): void {
    const { epoch, frame, receivedAt: at } = origin;
    const latencyMs = Math.max(0, this.host.now().getTime() - at.getTime());
    this.host.log(this, epoch, { frame, direction: 'from-station', at, latencyMs, messageId, action, request, answer });
  }
}

/** A CALL of the station that a service works on. */
class CallInWork implements Receiver<StationAnswer> {
  constructor(
    private readonly connection: StationConnection,
    readonly frame: CallFrame,
    readonly origin: Origin,
    readonly bytes: Buffer,
    readonly boots: boolean,
    private readonly withNews: boolean,
  ) {}

  answered(answer: StationAnswer): void {
    if (this.withNews) this.connection.newsTaken();
    this.connection.finish(this, answer);
  }

  /** The station repeats what got an error for a passing reason; saying nothing would only make it wait. */
  failed(fault: Fault): void {
    this.connection.finish(this, errorAnswer(this.connection.version.name, fault));
  }
}
