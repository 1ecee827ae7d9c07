/** A growing buffer that packs are written into: one copy of each payload, no object per field. Little endian throughout. */
export class Writer {
  private buffer: Buffer;
  length = 0;

  constructor(capacity = 16_384) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  private room(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, at);
      this.buffer = larger;
    }
    return at;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.buffer[at] = value;
  }

  u32(value: number): void {
    const at = this.room(4);
    this.buffer.writeUInt32LE(value, at);
  }

  /** Overwrites four bytes written earlier: a length that is known only afterwards. */
  patchU32(at: number, value: number): void {
    this.buffer.writeUInt32LE(value, at);
  }

  /** Integers are exact below 2^53. */
  f64(value: number): void {
    const at = this.room(8);
    this.buffer.writeDoubleLE(value, at);
  }

  text(value: string): void {
    if (value.length <= 64 && this.ascii(value)) return;
    const bytes = Buffer.byteLength(value);
    this.u32(bytes);
    const at = this.room(bytes); // Before the buffer is looked at: making room may replace it.
    this.buffer.write(value, at, 'utf8');
  }

  /** Ids and actions are short and plain: a loop is cheaper than two calls out of JavaScript. */
  private ascii(value: string): boolean {
    const from = this.length;
    this.u32(value.length);
    const at = this.room(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.length = from;
        return false;
      }
      this.buffer[at + i] = code;
    }
    return true;
  }

  bytes(value: Uint8Array): void {
    this.u32(value.length);
    const at = this.room(value.length);
    this.buffer.set(value, at);
  }

  /** Appends parts of what another writer wrote, as one value that `Reader.bytes` reads. `spans` are pairs of where a part begins and ends there. */
  spans(from: Writer, spans: readonly number[]): void {
    const lengthAt = this.length;
    this.u32(0);
    for (let i = 0; i < spans.length; i += 2) {
      const [begin, end] = [spans[i]!, spans[i + 1]!];
      const at = this.room(end - begin);
      from.buffer.copy(this.buffer, at, begin, end);
    }
    this.patchU32(lengthAt, this.length - lengthAt - 4);
  }

  /** Forgets what was written after this length: a value that turned out not to be writable. */
  rewind(length: number): void {
    this.length = length;
  }

  /** A view of what was written; with it the writer has served its purpose. */
  get written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** What was written since the last call. The memory is the caller's from here on; the writer starts anew. */
  take(): Buffer {
    const written = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafe(Math.max(16_384, Math.min(this.buffer.length, 1_048_576)));
    this.length = 0;
    return written;
  }
}

/** Reads what a {@link Writer} wrote. Texts are copies, bytes are views. A truncated buffer throws a RangeError. */
export class Reader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  get done(): boolean {
    return this.at >= this.buffer.length;
  }

  u8(): number {
    return this.buffer.readUInt8(this.advance(1));
  }

  u32(): number {
    return this.buffer.readUInt32LE(this.advance(4));
  }

  f64(): number {
    return this.buffer.readDoubleLE(this.advance(8));
  }

  text(): string {
    const length = this.u32();
    const from = this.advance(length);
    return this.buffer.toString('utf8', from, from + length);
  }

  bytes(): Buffer {
    const length = this.u32();
    const from = this.advance(length);
    return this.buffer.subarray(from, from + length);
  }

  private advance(bytes: number): number {
    const from = this.at;
    this.at += bytes;
    if (this.at > this.buffer.length) throw new RangeError('the pack ends in the middle of a value');
    return from;
  }
}

/** How a value travels in a pack. `read` throws on bytes that `write` did not make. */
export interface Codec<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** JSON inside a pack: for what is too rare to deserve a layout of its own. */
export function json<T>(): Codec<T> {
  return {
    write: (writer, value) => writer.text(JSON.stringify(value)),
    read: (reader) => JSON.parse(reader.text()) as T,
  };
}

/** Bytes that have a layout of their own. What is read is a view. */
export const raw: Codec<Buffer> = { write: (writer, value) => writer.bytes(value), read: (reader) => reader.bytes() };

/** Nothing: an acknowledgement. */
export const nothing: Codec<void> = { write: () => undefined, read: () => undefined };
