import { gatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { asFault, Fault, type Clock } from '@ohmnibus/domain';
import type { Bus } from '@ohmnibus/bus';
import type { Owner, Presence } from '@ohmnibus/presence';
import type { Findings } from '../findings/findings.js';
import { noAnswer, outcomeOf, readReply, resultOutcome, type Outcome } from './outcome.js';
import type { OpenRecord } from './command-records.js';
import type { StationRequest } from './order.js';

/** A command that may be written to its station. */
export interface Delivery {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  readonly deadline: Date;
  readonly request: StationRequest;
  readonly record: Pick<OpenRecord, 'store'>;
}

/** The gateway's own word on a deadline is better than our silence: it gets so many milliseconds more to arrive. */
const marginMs = 500;
/** Before a new look-up: a station that moves has to arrive first. Their number is the number of retries. */
const pausesMs = [25, 250];
const manyPods = 1_000;

/** What is certain after an attempt that may be repeated: nothing was written, for this reason. */
type NotWritten = 'offline' | 'gateway-gone';

/** A command on its way. */
interface Run {
  readonly command: Delivery;
  readonly end: (outcome: Outcome) => void;
  attempts: number;
  notWritten: NotWritten;
}

/** Takes a command to the pod that holds the station's socket, and waits for the station's answer. */
export class Deliver {
  /** By pod: the bus knows its way by the very same object. */
  private readonly ways = new Map<string, { readonly pod: string }>();

  constructor(
    private readonly bus: Pick<Bus, 'put'>,
    private readonly presence: Pick<Presence, 'owner' | 'clearIfPodGone'>,
    private readonly clock: Clock,
    private readonly findings: Pick<Findings, 'observe'>,
  ) {}

  /**
   * Another attempt is made only if it is certain that nothing was written: the pod has no such socket, or nobody listens for the pod.
   * @param owner as looked up for the first attempt
   * @param end told once how it ended
   */
  run(command: Delivery, owner: Promise<Owner | undefined>, end: (outcome: Outcome) => void): void {
    this.attempt({ command, end, attempts: 0, notWritten: 'offline' }, owner);
  }

  private attempt(run: Run, owner: Promise<Owner | undefined>): void {
    owner.then(
      (found) => this.surely(run, () => this.ask(run, found)),
      // Redis does not answer, so nobody knows where the station is; what was tried before wrote nothing.
      (error: unknown) => run.end(noAnswer('failed', error instanceof Fault ? error.code : 'internal')),
    );
  }

  private ask(run: Run, owner: Owner | undefined): void {
    const { tenant, station, id, deadline, request } = run.command;
    const { action, payload, protocol } = request;
    // A station that came back with another version would not understand the translation.
    if (!owner || (protocol && protocol !== owner.protocol)) return run.end(noAnswer('failed', run.notWritten));
    const remainingMs = deadline.getTime() - this.clock.now().getTime();
    if (remainingMs <= 0) return run.end(noAnswer('expired', 'expired'));
    const call = { tenant, station, id, epoch: owner.epoch, deadline: deadline.getTime(), answerTimeoutMs: remainingMs, action, payload };
    const receiver = {
      answered: (answer: GatewayCallOutcome) => this.surely(run, () => this.answered(run, owner, answer)),
      failed: (fault: Fault) => this.failed(run, owner, fault),
    };
    this.bus.put(gatewayCall, this.wayTo(owner.pod), call, receiver, remainingMs + marginMs);
  }

  private answered(run: Run, { protocol }: Owner, answer: GatewayCallOutcome): void {
    if (answer.kind === 'stale') return this.again(run, 'offline');
    if (answer.kind !== 'result') return run.end(outcomeOf(answer));
    const { tenant, station, id, record, request } = run.command;
    const { action } = request;
    const reply = readReply(protocol, action, answer.payload);
    const outcome = resultOutcome(action, reply);
    const learnt = this.findings.observe({ tenant, station, id, protocol, action, request: request.payload, reply }, record);
    if (learnt) void learnt.then(() => run.end(outcome));
    else run.end(outcome);
  }

  /** A defect of ours must not leave the asker without an end. */
  private surely(run: Run, work: () => void): void {
    try {
      work();
    } catch {
      run.end(noAnswer('unknown', 'internal'));
    }
  }

  private failed(run: Run, owner: Owner, fault: Fault): void {
    if (fault.details['noResponders'] === true) {
      // The pod may only be cut off from NATS: its own liveness key decides whether the entry goes.
      this.presence.clearIfPodGone(owner).then(
        () => this.again(run, 'gateway-gone'),
        (error: unknown) => run.end(noAnswer('failed', asFault(error).code)),
      );
    } else if (fault.code === 'overloaded') run.end(noAnswer('failed', 'overloaded'));
    else run.end(noAnswer('unknown', fault.code === 'deadline-exceeded' ? 'timeout' : fault.code));
  }

  private again(run: Run, notWritten: NotWritten): void {
    const pauseMs = pausesMs[run.attempts++];
    if (pauseMs === undefined) return run.end(noAnswer('failed', notWritten));
    run.notWritten = notWritten;
    setTimeout(() => this.attempt(run, this.presence.owner(run.command)), pauseMs);
  }

  private wayTo(pod: string): { readonly pod: string } {
    let way = this.ways.get(pod);
    if (!way) {
      if (this.ways.size >= manyPods) this.ways.clear(); // Each restart of a pod makes a new name.
      this.ways.set(pod, (way = { pod }));
    }
    return way;
  }
}
