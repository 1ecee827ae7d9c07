import type { Database, Statement } from '@ohmnibus/database';

/** Few enough not to be noticed by anybody. */
const atOnce = 5_000;

const oldEvents: Statement = {
  name: 'security-events-forget',
  text: `DELETE FROM security_event WHERE id IN (SELECT id FROM security_event WHERE received_at < now() - make_interval(days => $1) ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING 1`,
};

/** Those that led to a certificate stay: by them it is known and can be taken back. */
const oldRequests: Statement = {
  name: 'certificate-requests-forget',
  text: `DELETE FROM certificate_request WHERE id IN (
      SELECT id FROM certificate_request WHERE state IN ('refused', 'denied', 'superseded', 'expired') AND fingerprint IS NULL AND requested_at < now() - make_interval(days => $1)
      LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING 1`,
};

/** Forgets security events, and requests that came to nothing, when they are too old. */
export class ForgetSecurityRecords {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    /** 0: all are kept. */
    private readonly keepDays: number,
  ) {}

  /** How many there were. */
  async run(): Promise<number> {
    return (await this.forget(oldEvents)) + (await this.forget(oldRequests));
  }

  private async forget(statement: Statement): Promise<number> {
    let forgotten = 0;
    for (let last = atOnce; this.keepDays > 0 && last === atOnce; forgotten += last) {
      last = (await this.database.run(statement, [this.keepDays, atOnce])).length;
    }
    return forgotten;
  }
}
