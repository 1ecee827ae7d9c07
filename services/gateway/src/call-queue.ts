import type { GatewayCall, GatewayCallOutcome } from '@ohmnibus/contracts';
import type { NoAnswerReason } from '@ohmnibus/domain';
import { callFrame, type ErrorFrame, type ResultFrame } from '@ohmnibus/ocpp';
import type { ConnectionHost, StationConnection } from './station-connection.js';
import type { StationGate } from './station-gate.js';

interface Asked {
  readonly call: GatewayCall;
  readonly resolve: (outcome: GatewayCallOutcome) => void;
}

interface Waiting extends Asked {
  /** At its deadline. */
  timer: NodeJS.Timeout | undefined;
}

interface InWork extends Asked {
  readonly text: string;
  readonly writtenAt: Date;
  readonly timer: NodeJS.Timeout;
}

/** The calls to one station: one on the wire at a time, the others waiting their turn until their deadline. */
export class CallQueue {
  private waiting: Waiting[] | undefined;
  private inWork: InWork | undefined;
  private frames = 0;
  /** Until the gate may be open. */
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: StationConnection,
    private readonly host: ConnectionHost,
  ) {}

  get busy(): boolean {
    return this.inWork !== undefined;
  }

  /** Resolves when the station answered, or when it is certain or uncertain why not. Never rejects. */
  send(call: GatewayCall): Promise<GatewayCallOutcome> {
    return new Promise((resolve) => {
      if (!this.connection.open) return resolve({ kind: 'not-written', reason: 'connection-lost' });
      if ((this.waiting?.length ?? 0) >= this.host.queueLimit) return resolve({ kind: 'not-written', reason: 'overloaded' });
      const waiting: Waiting = { call, resolve, timer: undefined };
      (this.waiting ??= []).push(waiting);
      this.next();
      if (this.waiting?.includes(waiting)) waiting.timer = setTimeout(() => this.expire(waiting), call.deadline - this.host.now().getTime());
    });
  }

  /** The gate has moved. */
  resume(): void {
    this.next();
  }

  /** Whoever asked learns at the deadline that it was not written, not when the station's other calls are done. */
  private expire(waiting: Waiting): void {
    const left = this.waiting?.filter((other) => other !== waiting) ?? [];
    this.waiting = left.length > 0 ? left : undefined;
    waiting.resolve({ kind: 'not-written', reason: this.connection.gate?.reasonToExpire ?? 'expired' });
  }

  /** An answer to a call. False if nobody waits for it: it is late, or made up. */
  answered(frame: ResultFrame | ErrorFrame, bytes: Buffer): boolean {
    const done = this.inWork;
    if (!done || done.call.id !== frame.id.text) return false;
    if (frame.kind === 'result') this.finish(done, { kind: 'result', payload: frame.payload.toString() }, bytes);
    else this.finish(done, { kind: 'error', code: frame.code, description: frame.description, details: frame.details }, bytes);
    return true;
  }

  /** The socket closed: what was written may have been done, what waited was not. */
  closed(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    clearTimeout(this.pause);
    for (const { resolve, timer } of waiting) {
      clearTimeout(timer);
      resolve({ kind: 'not-written', reason: 'connection-lost' });
    }
    if (this.inWork) this.finish(this.inWork, { kind: 'unanswered', reason: 'connection-lost' }, undefined);
  }

  private next(): void {
    while (!this.inWork && this.waiting) {
      const { gate } = this.connection;
      if (gate && !this.passes(gate, this.waiting[0]!)) return;
      const next = this.waiting?.shift();
      if (this.waiting?.length === 0) this.waiting = undefined;
      if (next) this.write(next);
    }
  }

  /** Whether the next call may be written; one that never may is answered, and not the next any more. */
  private passes(gate: StationGate, next: Waiting): boolean {
    const passage = gate.passage(next.call, this.connection.version, this.host.now().getTime());
    if (passage === 'open') return true;
    if (passage === 'waits') return false;
    if ('refused' in passage) {
      this.waiting!.shift();
      if (this.waiting!.length === 0) this.waiting = undefined;
      clearTimeout(next.timer);
      next.resolve({ kind: 'not-written', reason: passage.refused });
      this.next();
      return false;
    }
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.next(), passage.afterMs);
    return false;
  }

  private write({ call, resolve, timer }: Waiting): void {
    clearTimeout(timer);
    const writtenAt = this.host.now();
    const left = call.deadline - writtenAt.getTime();
    if (left <= 0) return resolve({ kind: 'not-written', reason: 'expired' });
    // Ownership may have been renewed while the call waited; a call for another epoch is not this socket's.
    if (call.epoch !== this.connection.epoch) return resolve({ kind: 'stale' });
    const text = callFrame(call.id, call.action, call.payload);
    if (!this.connection.send(text)) return resolve({ kind: 'not-written', reason: 'connection-lost' });
    this.connection.gate?.wrote(call, writtenAt.getTime());
    const expire = () => this.inWork?.call === call && this.finish(this.inWork, { kind: 'unanswered', reason: 'timeout' satisfies NoAnswerReason }, undefined);
    this.inWork = { call, resolve, text, writtenAt, timer: setTimeout(expire, Math.min(left, call.answerTimeoutMs)) };
  }

  private finish(done: InWork, outcome: GatewayCallOutcome, answer: Buffer | undefined): void {
    clearTimeout(done.timer);
    this.inWork = undefined;
    done.resolve(outcome);
    this.host.log(this.connection, done.call.epoch, {
      direction: 'to-station',
      frame: ++this.frames,
      at: done.writtenAt,
      latencyMs: answer ? Math.max(0, this.host.now().getTime() - done.writtenAt.getTime()) : 0,
      messageId: done.call.id,
      action: done.call.action,
      request: done.text,
      answer,
    });
    this.next();
  }
}
