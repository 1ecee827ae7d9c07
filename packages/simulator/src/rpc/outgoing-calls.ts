import type { Clock } from '../clock.js';
import { CallTimeoutError, NotConnectedError, StationCallError } from '../errors.js';
import { formatFrame } from './frames.js';
import type { Frame, Payload } from './frames.js';

/** How one CALL of the station ended. */
export interface SettledCall {
  readonly action: string;
  readonly outcome: 'result' | 'error' | 'timeout' | 'lost';
  /** From writing the frame to its answer, in milliseconds. */
  readonly ms: number;
}

/** A CALLRESULT that arrived, even after the station had given up waiting for it. */
export interface AcknowledgedCall {
  readonly action: string;
  readonly payload: Payload;
  readonly result: Payload;
  readonly messageId: string;
}

export interface OutgoingCallsOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly messageId: () => string;
  /** Writes to the socket; false if there is none. */
  readonly send: (text: string) => boolean;
  readonly settled: (call: SettledCall) => void;
  readonly acknowledged: (call: AcknowledgedCall) => void;
}

interface PendingCall {
  readonly action: string;
  readonly payload: Payload;
  readonly messageId: string;
  readonly timeoutMs: number;
  readonly resolve: (result: Payload) => void;
  readonly reject: (error: Error) => void;
  sentAt: number;
  stopTimer?: () => void;
}

/** The station's CALLs: one outstanding at a time, the others wait in order. */
export class OutgoingCalls {
  private readonly waiting: PendingCall[] = [];
  private outstanding: PendingCall | undefined;
  /** Calls given up for which an answer may still come: the CSMS may have acted on them. */
  private readonly overdue = new Map<string, PendingCall>();

  constructor(private readonly options: OutgoingCallsOptions) {}

  /** Resolves with the CALLRESULT's payload. Rejects with StationCallError, CallTimeoutError or NotConnectedError. */
  call(action: string, payload: Payload, timeoutMs = this.options.timeoutMs): Promise<Payload> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ action, payload, messageId: this.options.messageId(), timeoutMs, resolve, reject, sentAt: 0 });
      this.next();
    });
  }

  /** Takes a CALLRESULT or CALLERROR from the socket; answers to nothing are ignored. */
  answer(frame: Exclude<Frame, { kind: 'call' }>): void {
    const late = this.overdue.get(frame.id);
    if (late) {
      this.overdue.delete(frame.id);
      if (frame.kind === 'result') this.acknowledge(late, frame.payload);
      return;
    }
    const call = this.outstanding;
    if (call?.messageId !== frame.id) return;
    if (frame.kind === 'result') {
      this.settle(call, 'result');
      this.acknowledge(call, frame.payload);
      call.resolve(frame.payload);
    } else {
      this.settle(call, 'error');
      call.reject(new StationCallError(call.action, frame.code, frame.description, frame.details));
    }
    this.next();
  }

  /** The socket is gone, and every answer with it. */
  lost(): void {
    this.overdue.clear();
    const reason = new NotConnectedError('the connection was lost');
    const outstanding = this.outstanding;
    if (outstanding) {
      this.settle(outstanding, 'lost');
      outstanding.reject(reason);
    }
    for (const call of this.waiting.splice(0)) call.reject(reason);
  }

  private next(): void {
    while (!this.outstanding) {
      const call = this.waiting.shift();
      if (!call) return;
      const frame = formatFrame({ kind: 'call', id: call.messageId, action: call.action, payload: call.payload });
      call.sentAt = performance.now();
      this.outstanding = call;
      if (this.options.send(frame)) {
        call.stopTimer = this.options.clock.after(call.timeoutMs, () => this.expire(call));
      } else {
        this.outstanding = undefined;
        call.reject(new NotConnectedError(`${call.action} was not sent: there is no connection`));
      }
    }
  }

  private expire(call: PendingCall): void {
    this.overdue.set(call.messageId, call);
    this.settle(call, 'timeout');
    call.reject(new CallTimeoutError(call.action, call.timeoutMs));
    this.next();
  }

  private settle(call: PendingCall, outcome: SettledCall['outcome']): void {
    call.stopTimer?.();
    this.outstanding = undefined;
    this.options.settled({ action: call.action, outcome, ms: performance.now() - call.sentAt });
  }

  private acknowledge({ action, payload, messageId }: PendingCall, result: Payload): void {
    this.options.acknowledged({ action, payload, result, messageId });
  }
}
