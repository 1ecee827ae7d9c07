import type { CommandAnswer, DeliverCertificateCommand } from '@ohmnibus/contracts';
import { asFault, type Clock } from '@ohmnibus/domain';
import { checkIssuedChain, type CertificateAuthority } from '@ohmnibus/pki';
import type { Log } from '@ohmnibus/runtime';
import type { DueRequest, SigningQueue } from './signing-queue.js';

/** Certificates on their way at once, of one process. */
const atOnce = 8;
/** How long a station has to answer; less than a lease. */
const answerSeconds = 60;
const [firstRestMs, longestRestMs] = [5_000, 900_000];

/** Answers of a station that will be the same next time. */
const final = new Set(['NotImplemented', 'NotSupported']);

/**
 * Signs what may be signed and brings it to its station, until the station has said yes or no or the request has expired. Every step is
 * stored before the next is taken, so that a process that dies is followed by another where it stopped; a station may get a certificate
 * twice, and never none.
 */
export class SignCertificates {
  private inWork = 0;
  private stopped = false;

  constructor(
    private readonly queue: SigningQueue,
    private readonly authorities: { of(tenant: string): Promise<CertificateAuthority> },
    private readonly deliver: (command: DeliverCertificateCommand) => Promise<CommandAnswer>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** One round: takes up what is due. It does not wait for stations, of which some take their time. */
  async run(): Promise<void> {
    const expired = await this.queue.expire(this.clock.now());
    if (expired > 0) this.log.warn('certificate-requests-expired', { count: expired });
    if (this.stopped || this.inWork >= atOnce) return;
    for (const request of await this.queue.take(this.clock.now(), atOnce - this.inWork)) {
      this.inWork += 1;
      void this.advance(request).finally(() => (this.inWork -= 1));
    }
  }

  /** What stations have not answered yet is left to the other processes: the lease runs out, and the answer is learnt where it arrives. */
  stop(): void {
    this.stopped = true;
  }

  /** Never rejects: what fails is tried again. */
  private async advance(request: DueRequest): Promise<void> {
    const { id, tenant, station } = request;
    try {
      const chain = request.chain ?? (await this.sign(request));
      if (chain !== undefined) await this.bring(request, chain);
    } catch (error) {
      if (this.stopped) return;
      const reason = asFault(error).message;
      this.log.warn('certificate-not-delivered', { tenant, station, request: id, attempt: request.attempt, reason });
      await this.queue.later(id, this.restUntil(request.attempt), reason).catch((failure: unknown) => this.log.error('certificate-queue-failed', { error: failure }));
    }
  }

  private async sign({ id, tenant, station, request }: DueRequest): Promise<string | undefined> {
    const authority = await this.authorities.of(tenant);
    const now = this.clock.now();
    const { chain, certificate } = checkIssuedChain(await authority.sign({ station: { tenant, station }, request }), request, now);
    if (!(await this.queue.signed(id, chain, certificate, now))) return undefined;
    this.log.info('certificate-issued', { tenant, station, request: id, serialNumber: certificate.serialNumber, until: certificate.notAfter });
    return chain;
  }

  private async bring({ id, tenant, station, use, attempt }: DueRequest, chain: string): Promise<void> {
    const { id: command, state, result } = await this.deliver({
      tenant,
      station,
      chain,
      use,
      timeoutSeconds: answerSeconds,
      idempotencyKey: `certificate ${id} ${attempt}`,
      requestedBy: 'certificate signing',
    });
    const now = this.clock.now();
    // The command service may have learnt it already; it is the same then.
    if (state === 'accepted') return this.queue.finish(id, 'accepted', undefined, now, command);
    if (state === 'rejected') return this.queue.finish(id, 'rejected', 'the station does not take the certificate', now, command);
    if (result.type === 'CALLERROR' && final.has(result.code)) return this.queue.finish(id, 'rejected', `the station answered ${result.code}`, now, command);
    if (result.type === 'none' && result.reason === 'unsupported') return this.queue.finish(id, 'rejected', 'the station\'s version has no such message', now, command);
    const reason = result.type === 'none' ? result.reason : result.type === 'CALLERROR' ? `the station answered ${result.code}: ${result.description}` : state;
    const offline = result.type === 'none' && (reason === 'offline' || reason === 'gateway-gone' || reason === 'connection-lost');
    return this.queue.later(id, this.restUntil(attempt), reason, offline ? now : undefined);
  }

  /** Twice as long each time, and never all at once. */
  private restUntil(attempt: number): Date {
    const restMs = Math.min(firstRestMs * 2 ** (attempt - 1), longestRestMs);
    return new Date(this.clock.now().getTime() + restMs * (0.75 + Math.random() / 2));
  }
}
