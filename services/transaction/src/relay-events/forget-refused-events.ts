import { forgetOld, type Database, type Statement } from '@ohmnibus/database';

const old: Statement = {
  name: 'refused-events-forget',
  text: `DELETE FROM refused_event WHERE id IN (SELECT id FROM refused_event WHERE refused_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING 1`,
};

/** Forgets events that were set aside too long ago; resolves with how many there were. 0 days: all are kept. */
export function forgetRefusedEvents(database: Pick<Database, 'run'>, keepDays: number): Promise<number> {
  return forgetOld(database, old, keepDays);
}
