import { createHash } from 'node:crypto';
import type { Bus } from '@ohmnibus/bus';
import { admission, stationChanged, tenantChanged, type Admission } from '@ohmnibus/contracts';
import type { Clock, StationRef } from '@ohmnibus/domain';
import type { Arrival } from './handshake.js';

/** So many stations are remembered; a pod holds about as many sockets. */
const maxRemembered = 50_000;
/** The same object each time: the bus knows its way by it. */
const to = {};

/**
 * Who may come in. A plain yes is remembered for a short while, for exactly these credentials on such a connection, so that a station on a
 * bad line does not cost a question each time; a change of the station forgets it. How a station stands of which more is to be said is asked
 * each time: it may have booted elsewhere meanwhile.
 */
export class Admissions {
  private readonly remembered = new Map<string, { readonly proof: string; readonly until: number }>();
  /** How often something was forgotten. */
  private changes = 0;

  constructor(
    private readonly bus: Bus,
    private readonly cacheMs: number,
    private readonly clock: Clock,
  ) {
    bus.listen(stationChanged, {}, (change) => this.forget(change));
    // Tenants change seldom, and a question each is what it costs.
    bus.listen(tenantChanged, {}, () => {
      this.changes++;
      this.remembered.clear();
    });
  }

  forget(station: StationRef): void {
    this.changes++;
    this.remembered.delete(keyOf(station));
  }

  /** Rejects with a Fault if nobody can say. */
  async admit(arrival: Arrival): Promise<Admission> {
    const { tenant, station, username, password, secure, certificate, version } = arrival;
    const key = keyOf(arrival);
    const known = this.remembered.get(key);
    if (version && known && known.proof === proofOf(arrival) && known.until > this.clock.now().getTime()) return { verdict: 'admitted' };
    const changes = this.changes;
    const answer = await this.bus.ask(admission, to, { tenant, station, username, password, secure, certificate, protocol: version?.name });
    const plain = answer.verdict === 'admitted' && !answer.standing && !answer.assumed;
    // What changed meanwhile may be this station, and the answer older than the change.
    if (plain && this.cacheMs > 0 && changes === this.changes) this.remember(key, proofOf(arrival));
    return answer;
  }

  private remember(key: string, proof: string): void {
    this.remembered.delete(key);
    this.remembered.set(key, { proof, until: this.clock.now().getTime() + this.cacheMs });
    if (this.remembered.size > maxRemembered) this.remembered.delete(this.remembered.keys().next().value as string);
  }
}

function keyOf({ tenant, station }: StationRef): string {
  return `${tenant}\u0000${station}`;
}

/** Not the credentials themselves: they are not kept in memory longer than a handshake takes. What admission decides by is all in it. */
function proofOf({ username, password, secure, certificate }: Arrival): string {
  if (!password && !certificate) return secure ? 'tls' : '';
  const hash = createHash('sha256');
  const parts = [secure ? 'tls' : '', password ? `password of ${username ?? ''}` : '', password ?? '', certificate?.verdict ?? '', certificate?.der ?? ''];
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64');
}
