const leastCapacity = 16_384;
/** Room for most texts. */
const likelyBytes = 256;

/** A growing buffer that packs are written into: one copy of each payload, no object per field. Little endian throughout. */
export class Writer {
  private buffer: Buffer;
  /** The length of the buffer, which is dear to ask it for. */
  private capacity: number;
  length = 0;

  constructor(capacity = leastCapacity) {
    this.buffer = Buffer.allocUnsafe(capacity);
    this.capacity = capacity;
  }

  private room(bytes: number): number {
    const at = this.length;
    const end = at + bytes;
    if (end > this.capacity) this.grow(end);
    this.length = end;
    return at;
  }

  private grow(least: number): void {
    const capacity = Math.max(least, this.capacity * 2);
    const larger = Buffer.allocUnsafe(capacity);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
    this.capacity = capacity;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.buffer[at] = value;
  }

  u32(value: number): void {
    const at = this.room(4);
    this.patchU32(at, value);
  }

  /** Overwrites four bytes written earlier: a length that is known only afterwards. */
  patchU32(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
  }

  /** Integers are exact below 2^53. */
  f64(value: number): void {
    const at = this.room(8);
    this.buffer.writeDoubleLE(value, at);
  }

  /** Ids, actions and the like; see `longText` for what makes the two differ. */
  text(value: string): void {
    const { length } = value;
    if (length > 64 || !this.ascii(value, length)) this.longText(value);
  }

  /**
   * A text that is no id: read like one. V8 has several kinds of strings, by how they were made, and code that meets all of them is slow to ask even
   * for their length; frames, which are put together, are kept away from the ids, and nothing is asked of them.
   */
  longText(value: string): void {
    const lengthAt = this.room(4 + likelyBytes);
    const at = lengthAt + 4;
    let bytes = this.buffer.write(value, at, 'utf8');
    this.length = at + bytes;
    // It is cut off before a character that there was no room for, which has four bytes at most.
    if (this.length > this.capacity - 4) {
      this.length = lengthAt;
      bytes = Buffer.byteLength(value);
      this.room(4 + bytes);
      this.buffer.write(value, at, 'utf8');
    }
    this.patchU32(lengthAt, bytes);
  }

  /** Ids and actions are short and plain: a loop is cheaper than two calls out of JavaScript. */
  private ascii(value: string, length: number): boolean {
    const from = this.room(length + 4);
    this.patchU32(from, length);
    const { buffer } = this;
    for (let i = 0, at = from + 4; i < length; i++, at++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.length = from;
        return false;
      }
      buffer[at] = code;
    }
    return true;
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    const at = this.room(length + 4);
    this.patchU32(at, length);
    this.buffer.set(value, at + 4);
  }

  /** Appends parts of what another writer wrote. `spans` are pairs of where a part begins and ends there. */
  spans(from: Writer, spans: readonly number[]): void {
    for (let i = 0; i < spans.length; i += 2) {
      const [begin, end] = [spans[i]!, spans[i + 1]!];
      const at = this.room(end - begin);
      from.buffer.copy(this.buffer, at, begin, end);
    }
  }

  /** Forgets what was written after this length: a value that turned out not to be writable. */
  rewind(length: number): void {
    this.length = length;
  }

  /** A view of what was written: good until something else is written. */
  get written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** What was written since the last call. The memory is the caller's from here on; the writer starts anew. */
  take(): Buffer {
    const written = this.written;
    // As much as was needed now, and some more: what is never written to would be memory all the same.
    this.capacity = Math.max(leastCapacity, Math.ceil(this.length * 1.25));
    this.buffer = Buffer.allocUnsafe(this.capacity);
    this.length = 0;
    return written;
  }
}

/** Reads what a {@link Writer} wrote. Texts are copies, bytes are views. A truncated buffer throws a RangeError. */
export class Reader {
  private at: number;
  private readonly end: number;

  /** @param from with `to` the part of the buffer that is read; all of it by default */
  constructor(
    private readonly buffer: Buffer,
    from = 0,
    to = buffer.length,
  ) {
    this.at = from;
    this.end = to;
  }

  get done(): boolean {
    return this.at >= this.end;
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

  /** What `text` or `longText` wrote. */
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

  /** What `bytes` would give, to be read on its own. */
  part(): Reader {
    const length = this.u32();
    const from = this.advance(length);
    return new Reader(this.buffer, from, from + length);
  }

  private advance(bytes: number): number {
    const from = this.at;
    this.at += bytes;
    if (this.at > this.end) throw new RangeError('the pack ends in the middle of a value');
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
    write: (writer, value) => writer.longText(JSON.stringify(value)),
    read: (reader) => JSON.parse(reader.text()) as T,
  };
}

/** Bytes that have a layout of their own. What is read is a view. */
export const raw: Codec<Buffer> = { write: (writer, value) => writer.bytes(value), read: (reader) => reader.bytes() };

/** Nothing: an acknowledgement. */
export const nothing: Codec<void> = { write: () => undefined, read: () => undefined };
