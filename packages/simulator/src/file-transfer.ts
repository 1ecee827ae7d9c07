import type { Clock } from './clock.js';

/** How often a station tries, as it was told. */
export interface Tries {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** Why a transfer did not come about. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  constructor(
    message: string,
    readonly reason: 'failed' | 'refused' | 'unsupported',
  ) {
    super(message);
  }
}

/** The job was called off. */
export class CalledOffError extends Error {
  override readonly name = 'CalledOffError';
}

/** Fetches a file over HTTP and gives on its bytes as they come; the number of them. */
export async function download(location: string, signal: AbortSignal, receive: (bytes: Uint8Array) => void): Promise<number> {
  const response = await request(location, { signal });
  let size = 0;
  for await (const bytes of response.body ?? []) {
    receive(bytes);
    size += bytes.byteLength;
  }
  const announced = response.headers.get('content-length');
  if (announced !== null && Number(announced) !== size) throw new TransferError(`${size} bytes of ${announced} came`, 'failed');
  return size;
}

/** Puts a file where the CSMS wants it: into a folder under its own name, or at the very address. */
export async function upload(location: string, name: string, content: string, signal: AbortSignal): Promise<void> {
  const target = location.endsWith('/') ? location + encodeURIComponent(name) : location;
  const response = await request(target, { method: 'PUT', body: content, headers: { 'content-type': 'text/plain; charset=utf-8' }, signal });
  await response.arrayBuffer();
}

/** Tries until it comes about; rejects with the last failure. What is unsupported is not tried again. */
export async function tryAgain<T>({ attempts, pauseMs }: Tries, clock: Clock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw new CalledOffError('called off', { cause: error });
      if (attempt >= attempts || (error instanceof TransferError && error.reason === 'unsupported')) throw error;
    }
    await pause(pauseMs, clock, signal);
  }
}

/** Rejects with a CalledOffError as soon as the job is called off. */
export function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const calledOff = (): void => {
      cancel();
      reject(new CalledOffError('called off'));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', calledOff);
      resolve();
    });
    if (signal.aborted) calledOff();
    else signal.addEventListener('abort', calledOff, { once: true });
  });
}

async function request(location: string, init: RequestInit): Promise<Response> {
  if (!/^https?:/i.test(location)) throw new TransferError(`${location} is not reached over HTTP`, 'unsupported');
  const response = await fetch(location, init);
  if (response.ok) return response;
  await response.body?.cancel();
  throw new TransferError(`${location} was answered with ${response.status}`, response.status === 401 || response.status === 403 ? 'refused' : 'failed');
}
