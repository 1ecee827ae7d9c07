import type { Database, Statement } from '@ohmnibus/database';

/** Few enough not to be noticed by anybody. */
const atOnce = 5_000;

const drop: Statement = {
  name: 'security-events-drop',
  text: `DELETE FROM security_event WHERE id IN (SELECT id FROM security_event WHERE received_at < now() - make_interval(days => $1) ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING 1`,
};

/** Forgets security events that are too old. */
export class DropOldSecurityEvents {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    /** 0: all are kept. */
    private readonly keepDays: number,
  ) {}

  /** How many there were. */
  async run(): Promise<number> {
    let dropped = 0;
    for (let last = atOnce; this.keepDays > 0 && last === atOnce; dropped += last) {
      last = (await this.database.run(drop, [this.keepDays, atOnce])).length;
    }
    return dropped;
  }
}
