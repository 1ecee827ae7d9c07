import type { Clock, Finding, ProtocolVersion, StationRef } from '@ohmnibus/domain';
import { messageToStation } from '@ohmnibus/ocpp';
import { readReply } from '../dispatch/outcome.js';

/** A CALL of ours that the station has answered with a CALLRESULT. Both payloads are as they were on the wire. */
export interface Exchange extends StationRef {
  /** Of the command. */
  readonly id: string;
  readonly protocol: ProtocolVersion;
  readonly action: string;
  readonly request: string;
  readonly reply: string;
}

/** When and by which command something was found. */
export interface Circumstance extends StationRef {
  readonly command: string;
  readonly protocol: ProtocolVersion;
  readonly at: Date;
}

type Learner<Body> = (circumstance: Circumstance, body: Body) => Promise<void>;

const retryMs = 1_000;
const giveUpMs = 600_000;

/**
 * Learns from the answers of stations, whichever way the command came. A finding is stored before the command's outcome is answered; while
 * the database is away it is tried again for some minutes.
 */
export class Findings {
  private readonly learners = new Map<string, Learner<unknown>>();

  constructor(
    private readonly clock: Clock,
    private readonly notLearnt: (exchange: Exchange, error: unknown) => void,
  ) {}

  /** What to do with a finding. It must be idempotent. */
  learn<Body>(finding: Finding<Body>, learner: Learner<Body>): this {
    this.learners.set(finding.name, learner as Learner<unknown>);
    return this;
  }

  /** Never rejects. */
  async observe(exchange: Exchange): Promise<void> {
    const found = this.read(exchange);
    const learner = found && this.learners.get(found.finding.name);
    if (!learner) return;
    const { tenant, station, id, protocol } = exchange;
    const at = this.clock.now();
    await this.store(exchange, at, () => learner({ tenant, station, command: id, protocol, at }, found.body));
  }

  private async store(exchange: Exchange, at: Date, learn: () => Promise<void>): Promise<void> {
    try {
      await learn();
    } catch (error) {
      this.notLearnt(exchange, error);
      if (this.clock.now().getTime() > at.getTime() + giveUpMs) return;
      setTimeout(() => void this.store(exchange, at, learn), retryMs).unref();
    }
  }

  /** A hand-written request that breaks its schema, or an unreadable reply, tells nothing. */
  private read({ protocol, action, request, reply }: Exchange) {
    const message = messageToStation(protocol, action);
    if (!message) return undefined;
    try {
      return message.toFinding(JSON.parse(request), readReply(JSON.parse(reply), message));
    } catch {
      return undefined;
    }
  }
}
