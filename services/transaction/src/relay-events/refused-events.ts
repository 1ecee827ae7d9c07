import type { RefusedEventResolution, ReplayRefusedEvent, ResolvedRefusedEvent, ResolveRefusedEvent } from '@ohmnibus/contracts';
import { forgetOld, type Database, type Statement } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';

const leave = `UPDATE refused_event SET resolved_at = now(), resolution = $3::text, resolved_by = $4::text, note = $5::text
  WHERE tenant = $1::text AND id = $2::int8 AND resolved_at IS NULL`;

const resolve: Statement = { name: 'refused-event-resolve', text: `${leave} RETURNING 1` };

const replay: Statement = {
  name: 'refused-event-replay',
  text: `WITH again AS (${leave} RETURNING at, event) INSERT INTO outbox (at, count, events) SELECT at, 1, event FROM again RETURNING 1`,
};

const find: Statement = { name: 'refused-event-find', text: 'SELECT resolution, resolved_by FROM refused_event WHERE tenant = $1 AND id = $2::int8' };

const forget: Statement = {
  name: 'refused-events-forget',
  text: `DELETE FROM refused_event WHERE id IN (SELECT id FROM refused_event WHERE refused_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING 1`,
};

/** Domain events that the stream did not take. */
export class RefusedEvents {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    /** 0: all are kept. */
    private readonly keepDays: number,
  ) {}

  /** Nothing more is to be done about it. */
  resolve(asked: ResolveRefusedEvent): Promise<ResolvedRefusedEvent> {
    return this.leave(resolve, 'resolved', asked);
  }

  /** Puts it behind all events that wait, under a new id: one that is refused again is another. */
  replay(asked: ReplayRefusedEvent): Promise<ResolvedRefusedEvent> {
    return this.leave(replay, 'replayed', asked);
  }

  /** Forgets those that were set aside too long ago; how many there were. */
  forget(): Promise<number> {
    return forgetOld(this.database, forget, this.keepDays);
  }

  private async leave(statement: Statement, resolution: RefusedEventResolution, { tenant, id, requestedBy, note }: ReplayRefusedEvent): Promise<ResolvedRefusedEvent> {
    const left = await this.database.run(statement, [tenant, id, resolution, requestedBy, note ?? null]);
    if (left.length > 0) return { id, resolution };
    const [known] = await this.database.run<[resolution: RefusedEventResolution, by: string]>(find, [tenant, id]);
    if (!known) throw new Fault('not-found', `there is no refused event ${id}`);
    if (known[0] !== resolution) throw new Fault('conflict', `event ${id} has been ${known[0]} already by ${known[1]}`);
    return { id, resolution };
  }
}
