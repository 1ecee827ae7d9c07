import { Fault } from '@ohmnibus/domain';

/**
 * Arrays in Postgres's binary format, built by hand: node-postgres's own text encoding of an array costs more than the insert. A Buffer
 * as a parameter is sent in binary, so `unnest($1::text[])` takes what these functions make. Null and undefined become NULL.
 * Format: dimensions, has-nulls, element type, length, lower bound; then length and bytes per element, all big endian.
 */
const headerBytes = 20;
const unixToPostgresMs = 946_684_800_000;

type Maybe<T> = T | null | undefined;

function begin(buffer: Buffer, oid: number, length: number): void {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
}

function fixed<Row, T>(oid: number, width: number, write: (buffer: Buffer, value: T, at: number) => void) {
  return (rows: readonly Row[], pick: (row: Row) => Maybe<T>): Buffer => {
    const buffer = Buffer.allocUnsafe(headerBytes + rows.length * (width + 4));
    begin(buffer, oid, rows.length);
    let at = headerBytes;
    for (const row of rows) {
      const value = pick(row);
      if (value === null || value === undefined) {
        buffer.writeInt32BE(-1, at);
        at += 4;
      } else {
        buffer.writeInt32BE(width, at);
        encode(buffer, value, at + 4, write);
        at += width + 4;
      }
    }
    return buffer.subarray(0, at);
  };
}

/** What does not fit the column's type is the row's fault, as if the database had said so. */
function encode<T>(buffer: Buffer, value: T, at: number, write: (buffer: Buffer, value: T, at: number) => void): void {
  try {
    write(buffer, value, at);
  } catch (error) {
    throw new Fault('bad-value', `${String(value)} does not fit its column`, {}, { cause: error });
  }
}

function writeInteger(buffer: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
}

type Encoder<T> = <Row>(rows: readonly Row[], pick: (row: Row) => Maybe<T>) => Buffer;

export const int4Array: Encoder<number> = fixed(23, 4, (buffer, value: number, at) => {
  // A Buffer would take 1.5 as 1 and what is no number as 0.
  if (!Number.isInteger(value)) throw new RangeError('not an integer');
  buffer.writeInt32BE(value, at);
});
/** Integers below 2^53: beyond them a number is not exact. */
export const int8Array: Encoder<number> = fixed(20, 8, (buffer, value: number, at) => {
  if (!Number.isSafeInteger(value)) throw new RangeError('not an exact integer');
  writeInteger(buffer, value, at);
});
export const float8Array: Encoder<number> = fixed(701, 8, (buffer, value: number, at) => buffer.writeDoubleBE(value, at));
export const booleanArray: Encoder<boolean> = fixed(16, 1, (buffer, value: boolean, at) => buffer.writeUInt8(value ? 1 : 0, at));
/** Milliseconds are what a Date has. */
export const timestamptzArray: Encoder<Date> = fixed(1184, 8, (buffer, value: Date, at) => {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new RangeError('not a date');
  writeInteger(buffer, (ms - unixToPostgresMs) * 1000, at);
});

/** Ids and words are short and plain: up to this length a loop is cheaper than a call out of JavaScript. */
const plainLength = 40;

/** False if it is not ASCII: what was written then is to be overwritten. */
function writePlain(buffer: Buffer, value: string, at: number): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return false;
    buffer[at + i] = code;
  }
  return true;
}

function textual(oid: number): Encoder<string> {
  return <Row>(rows: readonly Row[], pick: (row: Row) => Maybe<string>) => {
    const values: Maybe<string>[] = [];
    let size = headerBytes + rows.length * 4;
    for (const row of rows) {
      const value = pick(row);
      values.push(value);
      // Three bytes are the most that a UTF-16 unit takes; short texts are not worth measuring.
      if (value) size += value.length < 64 ? value.length * 3 : Buffer.byteLength(value);
    }
    const buffer = Buffer.allocUnsafe(size);
    begin(buffer, oid, rows.length);
    let at = headerBytes;
    for (const value of values) {
      if (value === null || value === undefined) {
        buffer.writeInt32BE(-1, at);
        at += 4;
      } else {
        const bytes = value.length <= plainLength && writePlain(buffer, value, at + 4) ? value.length : buffer.write(value, at + 4, 'utf8');
        buffer.writeInt32BE(bytes, at);
        at += bytes + 4;
      }
    }
    return buffer.subarray(0, at);
  };
}

/** A text with a NUL character is a data error of the database's. */
export const textArray: Encoder<string> = textual(25);
/** Texts that are JSON. */
export const jsonArray: Encoder<string> = textual(114);

export const byteaArray: Encoder<Uint8Array> = (rows, pick) => {
  const values = rows.map(pick);
  const buffer = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), headerBytes));
  begin(buffer, 17, rows.length);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(value ? value.length : -1, at);
    at += 4;
    if (value) {
      buffer.set(value, at);
      at += value.length;
    }
  }
  return buffer;
};

/** The parameter that {@link manyRows} is about. */
export const oneRow: Buffer = int4Array([1], (one) => one);

/**
 * A second FROM item, of one row, that makes the planner expect a hundred rows of the first: it takes an array that it does not know for ten,
 * and would then join sets of hundreds by comparing each with each.
 * @param parameter the place of {@link oneRow} among the parameters, such as `$5`
 */
export function manyRows(parameter: string): string {
  return `unnest(${parameter}::int[]) AS many_rows`;
}
