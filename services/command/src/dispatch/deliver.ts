import { gatewayCall } from '@ohmnibus/contracts';
import { Fault, type Clock } from '@ohmnibus/domain';
import type { Bus } from '@ohmnibus/bus';
import type { Owner, Presence } from '@ohmnibus/presence';
import { setTimeout as delay } from 'node:timers/promises';
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

/** Takes a command to the pod that holds the station's socket, and waits for the station's answer. */
export class Deliver {
  /** By pod: the bus knows its way by the very same object. */
  private readonly ways = new Map<string, { readonly pod: string }>();

  constructor(
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly presence: Pick<Presence, 'owner' | 'clearIfPodGone'>,
    private readonly clock: Clock,
    private readonly findings: Pick<Findings, 'observe'>,
  ) {}

  /**
   * Never rejects. Another attempt is made only if it is certain that nothing was written: the pod has no such socket, or nobody listens
   * for the pod.
   * @param owner as looked up for the first attempt
   */
  async run(command: Delivery, owner: Promise<Owner | undefined>): Promise<Outcome> {
    let notWritten: NotWritten = 'offline';
    try {
      for (let attempt = 0; ; attempt++) {
        const found = await (attempt === 0 ? owner : this.presence.owner(command));
        // A station that came back with another version would not understand the translation.
        if (!found || (command.request.protocol && command.request.protocol !== found.protocol)) return noAnswer('failed', notWritten);
        const outcome = await this.attempt(command, found);
        if (typeof outcome === 'object') return outcome;
        notWritten = outcome;
        const pauseMs = pausesMs[attempt];
        if (pauseMs === undefined) return noAnswer('failed', notWritten);
        await delay(pauseMs);
      }
    } catch (error) {
      // Redis does not answer, so nobody knows where the station is; what was tried before wrote nothing.
      return noAnswer('failed', error instanceof Fault ? error.code : 'internal');
    }
  }

  private async attempt(command: Delivery, owner: Owner): Promise<Outcome | NotWritten> {
    const remainingMs = command.deadline.getTime() - this.clock.now().getTime();
    if (remainingMs <= 0) return noAnswer('expired', 'expired');
    const { action, payload } = command.request;
    try {
      const answer = await this.bus.ask(
        gatewayCall,
        this.wayTo(owner.pod),
        {
          tenant: command.tenant,
          station: command.station,
          id: command.id,
          epoch: owner.epoch,
          deadline: command.deadline.getTime(),
          answerTimeoutMs: remainingMs,
          action,
          payload,
        },
        remainingMs + marginMs,
      );
      if (answer.kind === 'stale') return 'offline';
      if (answer.kind !== 'result') return outcomeOf(answer);
      const { tenant, station, id, record } = command;
      const reply = readReply(owner.protocol, action, answer.payload);
      const { protocol } = owner;
      await this.findings.observe({ tenant, station, id, protocol, action, request: payload, reply }, record);
      return resultOutcome(action, reply);
    } catch (error) {
      if (!(error instanceof Fault)) return noAnswer('unknown', 'internal');
      if (error.details['noResponders'] === true) {
        // The pod may only be cut off from NATS: its own liveness key decides whether the entry goes.
        await this.presence.clearIfPodGone(owner);
        return 'gateway-gone';
      }
      if (error.code === 'overloaded') return noAnswer('failed', 'overloaded');
      return noAnswer('unknown', error.code === 'deadline-exceeded' ? 'timeout' : error.code);
    }
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
