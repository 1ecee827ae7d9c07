import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, type CertificateHash, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { AuthorityQuery, AuthorityView, RequestQuery, RequestView, StationCertificate } from './certificate-schemas.js';

const timeKey = z.tuple([key.time, z.uuid()]);
const uuid = z.uuid();

/** Authorities, requests, and what stations have. */
export class CertificateQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async authorities(tenant: string, { purpose, limit, cursor }: AuthorityQuery): Promise<Page<AuthorityView>> {
    const after = readCursor(cursor, timeKey);
    const rows = await this.prisma.certificateAuthority.findMany({
      where: { tenant, purpose, ...(after && behind('descending', { createdAt: after[0], id: after[1] })) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ createdAt, id }) => [createdAt, id], authorityOf);
  }

  async authority(tenant: string, id: string): Promise<AuthorityView> {
    const row = uuid.safeParse(id).success ? await this.prisma.certificateAuthority.findUnique({ where: { id, tenant } }) : null;
    if (!row) throw unknownAuthority(id);
    return authorityOf(row);
  }

  /** The newest first. */
  async requests(tenant: string, { station, state, limit, cursor }: RequestQuery): Promise<Page<RequestView>> {
    const after = readCursor(cursor, timeKey);
    const rows = await this.prisma.certificateRequest.findMany({
      where: { tenant, station, state, ...(after && behind('descending', { requestedAt: after[0], id: after[1] })) },
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ requestedAt, id }) => [requestedAt, id], requestOf);
  }

  async request(tenant: string, id: string): Promise<RequestView> {
    const row = uuid.safeParse(id).success ? await this.prisma.certificateRequest.findUnique({ where: { id, tenant } }) : null;
    if (!row) throw unknownRequest(id);
    return requestOf(row);
  }

  /** The roots that the station is believed to have, and its own certificate: the newest that it took. */
  async ofStation({ tenant, station }: StationRef): Promise<Page<StationCertificate>> {
    const [roots, own] = await Promise.all([
      this.prisma.installedCertificate.findMany({ where: { tenant, station }, orderBy: [{ use: 'asc' }, { hash: 'asc' }] }),
      this.prisma.certificateRequest.findMany({ where: { tenant, station, state: 'accepted' }, orderBy: { finishedAt: 'desc' }, distinct: ['use'] }),
    ]);
    const items = [
      ...own.map(({ id, use, serialNumber, chain, finishedAt, requestedAt, lastCommand, notAfter }) => ({
        id,
        type: use,
        hash: null,
        serialNumber,
        certificate: chain,
        learntAt: iso(finishedAt ?? requestedAt),
        command: lastCommand,
        request: id,
        notAfter: iso(notAfter),
      })),
      ...roots.map(({ hash, use, hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber, pem, learntAt, command }) => ({
        id: hash,
        type: use,
        hash: { hashAlgorithm: hashAlgorithm as CertificateHash['hashAlgorithm'], issuerNameHash, issuerKeyHash, serialNumber },
        serialNumber,
        certificate: pem,
        learntAt: iso(learntAt),
        command,
        request: null,
        notAfter: null,
      })),
    ];
    return { items, nextCursor: null };
  }
}

export function unknownAuthority(id: string): Fault {
  return new Fault('not-found', `there is no certificate authority ${JSON.stringify(id)}`);
}

export function unknownRequest(id: string): Fault {
  return new Fault('not-found', `there is no certificate request ${JSON.stringify(id)}`);
}

function authorityOf(row: Prisma.CertificateAuthorityGetPayload<object>): AuthorityView {
  const { id, purpose, subject, pem, fingerprint, serialNumber, hash, notBefore, notAfter, sealedKey, createdAt } = row;
  return {
    id,
    purpose: purpose as AuthorityView['purpose'],
    subject,
    certificate: pem,
    fingerprint,
    serialNumber,
    hash,
    notBefore: iso(notBefore),
    notAfter: iso(notAfter),
    signs: sealedKey !== null,
    createdAt: iso(createdAt),
  };
}

function requestOf(row: Prisma.CertificateRequestGetPayload<object>): RequestView {
  const { id, station, use, state, reason, request, commonName, organization, key: ofKey, approved, decidedBy, chain, fingerprint, serialNumber, attempts, lastCommand } = row;
  return {
    id,
    station,
    type: use,
    state: state as RequestView['state'],
    reason,
    request,
    commonName,
    organization,
    key: ofKey,
    approved,
    decidedBy,
    requestedAt: iso(row.requestedAt),
    expiresAt: iso(row.expiresAt),
    certificate: chain,
    fingerprint,
    serialNumber,
    notBefore: iso(row.notBefore),
    notAfter: iso(row.notAfter),
    signedAt: iso(row.signedAt),
    attempts,
    nextAttemptAt: iso(row.nextAttemptAt),
    command: lastCommand,
    finishedAt: iso(row.finishedAt),
    revokedAt: iso(row.revokedAt),
  };
}
