import type { Readable } from 'node:stream';

/** Bytes of a file; both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where whole files are kept, by keys that the caller makes up: letters, digits, `.`, `_`, `-` and `/`. What fails throws a Fault:
 * `not-found` for a file that is not there, `unavailable` for a store that cannot be used.
 */
export interface FileStore {
  /** Takes over a complete file from the disk. Whoever opens the key sees all of it or nothing. */
  put(key: string, file: string, size: number): Promise<void>;
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** Also of what is not there. */
  delete(key: string): Promise<void>;
}
