import { forgetOld, type Database, type Statement } from '@ohmnibus/database';

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
    return (await forgetOld(this.database, oldEvents, this.keepDays)) + (await forgetOld(this.database, oldRequests, this.keepDays));
  }
}
