import type { Clock, Finding, ProtocolVersion, StationRef } from '@ohmnibus/domain';
import type { OpenRecord } from '../dispatch/command-records.js';
import type { Reply } from '../dispatch/outcome.js';

/** A CALL of ours that the station has answered with a CALLRESULT. */
export interface Exchange extends StationRef {
  /** Of the command. */
  readonly id: string;
  readonly protocol: ProtocolVersion;
  readonly action: string;
  /** As it was on the wire. */
  readonly request: string;
  readonly reply: Reply;
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

  /**
   * Never rejects. Undefined if there is nothing to wait for.
   * @param record whose row is there before what was found by it
   */
  observe(exchange: Exchange, record: Pick<OpenRecord, 'store'>): Promise<void> | undefined {
    const found = this.read(exchange);
    const learner = found && this.learners.get(found.finding.name);
    if (!learner) return undefined;
    const { tenant, station, id, protocol } = exchange;
    const at = this.clock.now();
    return this.store(exchange, at, async () => {
      await record.store();
      await learner({ tenant, station, command: id, protocol, at }, found.body);
    });
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
  private read({ request, reply: { message, checked } }: Exchange) {
    if (!message?.toFinding || checked === undefined) return undefined;
    try {
      return message.toFinding(JSON.parse(request), checked);
    } catch {
      return undefined;
    }
  }
}
