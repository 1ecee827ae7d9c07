import type { Clock } from './clock.js';
import { CalledOffError, TransferError, tryAgain, upload } from './file-transfer.js';
import type { Tries } from './file-transfer.js';
import type { Verdict } from './remote-control.js';

/** What the CSMS wants to read. */
export interface LogOrder {
  /** Absent where the version has none. */
  readonly requestId?: number;
  readonly kind: 'diagnostics' | 'security';
  readonly location: string;
  readonly tries: Tries;
}

interface LogParts {
  readonly id: string;
  readonly clock: Clock;
  /** What the station knows of itself. */
  readonly lines: () => string[];
  /** Tells the CSMS; never rejects. */
  readonly report: (status: string, requestId: number | undefined) => Promise<void>;
}

interface Job {
  readonly order: LogOrder;
  readonly fileName: string;
  readonly abort: AbortController;
  status: string;
}

/** Writes a log and uploads it for real. */
export class LogUploads {
  private job: Job | undefined;

  constructor(private readonly parts: LogParts) {}

  /** A newer order takes the place of the one under way. */
  order(order: LogOrder): Verdict<'Accepted' | 'AcceptedCanceled'> & { readonly fileName: string } {
    const before = this.job;
    before?.abort.abort();
    const at = new Date(this.parts.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const fileName = `${this.parts.id.replaceAll(/[^\w.-]/g, '_')}-${order.kind}-${at}.log`;
    const job: Job = { order, fileName, abort: new AbortController(), status: 'Idle' };
    this.job = job;
    return { status: before ? 'AcceptedCanceled' : 'Accepted', fileName, after: () => void this.run(job) };
  }

  /** What the station would tell of itself now. */
  get status(): { readonly status: string; readonly requestId: number | undefined } {
    return { status: this.job?.status ?? 'Idle', requestId: this.job?.order.requestId };
  }

  /** Forgets what is under way. */
  callOff(): void {
    this.job?.abort.abort();
    this.job = undefined;
  }

  private async run(job: Job): Promise<void> {
    const { order, fileName } = job;
    const { signal } = job.abort;
    await this.tell(job, 'Uploading');
    const outcome = await tryAgain(order.tries, this.parts.clock, signal, () => upload(order.location, fileName, this.content(order), signal)).then(
      () => 'Uploaded',
      wordFor,
    );
    if (outcome === undefined || signal.aborted) return;
    await this.tell(job, outcome);
    if (this.job === job) this.job = undefined;
  }

  private content({ kind }: LogOrder): string {
    return [`${new Date(this.parts.clock.now()).toISOString()} ${kind} log of ${this.parts.id}`, ...this.parts.lines(), ''].join('\n');
  }

  private async tell(job: Job, status: string): Promise<void> {
    job.status = status;
    await this.parts.report(status, job.order.requestId);
  }
}

/** Undefined: called off, which nobody wants to hear of. */
function wordFor(error: unknown): string | undefined {
  if (error instanceof CalledOffError) return undefined;
  const reason = error instanceof TransferError ? error.reason : 'failed';
  return reason === 'refused' ? 'PermissionDenied' : reason === 'unsupported' ? 'NotSupportedOperation' : 'UploadFailure';
}
