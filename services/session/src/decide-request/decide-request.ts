import type { DecideCertificateRequest } from '@ohmnibus/contracts';
import { tell, type Database, type Statement } from '@ohmnibus/database';
import { Fault, type CertificateRequestState, type Clock } from '@ohmnibus/domain';
import { checkIssuedChain } from '@ohmnibus/pki';

const find: Statement = {
  name: 'certificate-decide-find',
  text: 'SELECT state, request FROM certificate_request WHERE tenant = $1 AND id = $2::uuid',
};

const approve: Statement = {
  name: 'certificate-approve',
  text: `UPDATE certificate_request SET approved = true, decided_by = $3, next_attempt_at = $4, reason = NULL
    WHERE tenant = $1 AND id = $2::uuid AND state = 'pending' RETURNING state`,
};

const tellDecided = `
    ${tell(`SELECT tenant, station, 'certificate-request.changed', json_strip_nulls(json_build_object('id', id, 'state', state, 'reason', reason)) FROM decided`)} RETURNING 1`;

const deny: Statement = {
  name: 'certificate-deny',
  text: `WITH decided AS (
      UPDATE certificate_request SET state = 'denied', decided_by = $3, finished_at = $4, reason = $5
      WHERE tenant = $1 AND id = $2::uuid AND state = 'pending' RETURNING id, tenant, station, state, reason
    ) ${tellDecided}`,
};

const sign: Statement = {
  name: 'certificate-upload',
  text: `WITH decided AS (
      UPDATE certificate_request SET state = 'signed', approved = true, decided_by = $3, next_attempt_at = $4, signed_at = $4, reason = NULL,
        chain = $5, fingerprint = $6, serial_number = $7, not_before = $8, not_after = $9
      WHERE tenant = $1 AND id = $2::uuid AND state = 'pending' RETURNING id, tenant, station, state, reason
    ) ${tellDecided}`,
};

/** An operator's word on a request: signed here, signed elsewhere and uploaded, or not at all. The signing queue takes it from there. */
export class DecideRequest {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly clock: Clock,
  ) {}

  /** Rejects with a Fault: `not-found`, `conflict` if the request does not wait any more, `bad-value` if a chain is not its answer. */
  async run({ tenant, id, by, decision }: DecideCertificateRequest): Promise<{ readonly state: CertificateRequestState }> {
    const [known] = await this.database.run<[state: CertificateRequestState, request: string]>(find, [tenant, id]);
    if (!known) throw new Fault('not-found', `there is no certificate request ${id}`);
    const now = this.clock.now();
    let state: CertificateRequestState = 'pending';
    let rows: unknown[];
    switch (decision.kind) {
      case 'approve':
        rows = await this.database.run(approve, [tenant, id, by, now]);
        break;
      case 'deny':
        state = 'denied';
        rows = await this.database.run(deny, [tenant, id, by, now, decision.reason ?? 'an operator has refused it']);
        break;
      case 'certificate': {
        state = 'signed';
        if (known[0] !== 'pending') throw notWaiting(id, known[0]);
        const { chain, certificate } = checkIssuedChain(decision.chain, known[1], now);
        const { fingerprint, serialNumber, notBefore, notAfter } = certificate;
        rows = await this.database.run(sign, [tenant, id, by, now, chain, fingerprint, serialNumber, notBefore, notAfter]);
      }
    }
    if (rows.length === 0) throw notWaiting(id, known[0]);
    return { state };
  }
}

function notWaiting(id: string, state: CertificateRequestState): Fault {
  return new Fault('conflict', `the certificate request ${id} does not wait for a decision: it is ${state}`);
}
