import type { X509Certificate } from 'node:crypto';
import type { Clock } from './clock.js';
import { CalledOffError, download, pause, tryAgain } from './file-transfer.js';
import type { Tries } from './file-transfer.js';
import { readCertificate, SignatureCheck } from './firmware-signature.js';
import type { FirmwareSignature } from './firmware-signature.js';
import type { Verdict } from './remote-control.js';

/** What the CSMS wants installed. Times in milliseconds since the epoch. */
export interface FirmwareOrder {
  /** Absent where the version has none. */
  readonly requestId?: number;
  readonly location: string;
  readonly retrieveAt: number;
  readonly installAt?: number;
  readonly tries: Tries;
  readonly signature?: FirmwareSignature;
}

interface FirmwareParts {
  readonly clock: Clock;
  readonly installMs: number;
  /** Tells the CSMS; never rejects. */
  readonly report: (status: string, requestId: number | undefined) => Promise<void>;
  /** Restarts the station once no car charges. */
  readonly restart: () => void;
  /** The station runs something else from its next boot on. */
  readonly install: (version: string) => void;
}

interface Job {
  readonly order: FirmwareOrder;
  readonly abort: AbortController;
  status: string;
}

type Answer = 'Accepted' | 'AcceptedCanceled' | 'InvalidCertificate';

/** Fetches firmware for real, checks it, and boots into it. */
export class FirmwareUpdates {
  private job: Job | undefined;

  constructor(private readonly parts: FirmwareParts) {}

  /** A newer order takes the place of the one under way. */
  order(order: FirmwareOrder): Verdict<Answer> {
    const { signature } = order;
    const certificate = signature && readCertificate(signature.signingCertificate, this.parts.clock.now());
    if (signature && !certificate) return { status: 'InvalidCertificate' };
    const before = this.job;
    before?.abort.abort();
    const job: Job = { order, abort: new AbortController(), status: 'Idle' };
    this.job = job;
    return { status: before ? 'AcceptedCanceled' : 'Accepted', after: () => void this.run(job, certificate) };
  }

  /** What the station would tell of itself now. */
  get status(): { readonly status: string; readonly requestId: number | undefined } {
    return { status: this.job?.status ?? 'Idle', requestId: this.job?.order.requestId };
  }

  /** The station has booted and was accepted. */
  async booted(): Promise<void> {
    const { job } = this;
    if (!job || job.status !== 'InstallRebooting') return;
    await this.tell(job, 'Installed');
    this.job = undefined;
  }

  /** Forgets what is under way. */
  callOff(): void {
    this.job?.abort.abort();
    this.job = undefined;
  }

  private async run(job: Job, certificate: X509Certificate | undefined): Promise<void> {
    const { clock, installMs } = this.parts;
    const { order } = job;
    const { signal } = job.abort;
    try {
      if (order.retrieveAt > clock.now()) {
        if (order.signature) await this.tell(job, 'DownloadScheduled');
        await pause(order.retrieveAt - clock.now(), clock, signal);
      }
      if (!(await this.fetch(job, certificate))) return this.end(job);
      if (order.installAt !== undefined && order.installAt > clock.now()) {
        await this.tell(job, 'InstallScheduled');
        await pause(order.installAt - clock.now(), clock, signal);
      }
      await this.tell(job, 'Installing');
      await pause(installMs, clock, signal);
      if (order.signature) await this.tell(job, 'InstallRebooting');
      job.status = 'InstallRebooting';
      this.parts.install(versionIn(order.location));
      this.parts.restart();
    } catch (error) {
      if (!(error instanceof CalledOffError)) throw error;
    }
  }

  /** Whether there is an image to install. */
  private async fetch(job: Job, certificate: X509Certificate | undefined): Promise<boolean> {
    const { location, tries, signature } = job.order;
    const { signal } = job.abort;
    await this.tell(job, 'Downloading');
    let check: SignatureCheck | undefined;
    try {
      await tryAgain(tries, this.parts.clock, signal, () => {
        check = certificate && new SignatureCheck(certificate);
        return download(location, signal, (bytes) => check?.update(bytes));
      });
    } catch (error) {
      if (error instanceof CalledOffError) throw error;
      await this.tell(job, 'DownloadFailed');
      return false;
    }
    await this.tell(job, 'Downloaded');
    if (!check || !signature) return true;
    const holds = check.holds(signature.signature);
    await this.tell(job, holds ? 'SignatureVerified' : 'InvalidSignature');
    return holds;
  }

  private async tell(job: Job, status: string): Promise<void> {
    job.status = status;
    await this.parts.report(status, job.order.requestId);
    if (job.abort.signal.aborted) throw new CalledOffError('called off');
  }

  private end(job: Job): void {
    if (this.job === job) this.job = undefined;
  }
}

/** The name of the file, as far as a version may be long. */
function versionIn(location: string): string {
  const name = decodeURIComponent(new URL(location).pathname.split('/').at(-1) ?? '');
  return (name.replace(/\.\w+$/, '') || 'unnamed').slice(0, 50);
}
