/**
 * What changes from one MeterValues of a station to its next, while all the letters around it stay the same: a number, a time, a decimal
 * in quotes. A slot takes only what means the same wherever it stands in a payload; anything else is left to those who parse.
 */
export type SlotKind = 'number' | 'time' | 'decimal';

const blank = 0x20;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const mostNumberDigits = 9;
/** So many digits a double holds for certain: it is written again as it was read. */
const mostDecimalDigits = 15;
/** With more, small numbers are written with an exponent. */
const mostFractionDigits = 6;
const time = '0000-00-00T00:00:00';

/** Where the slot ends that begins here; -1: this is none. */
export function slotEnd(kind: SlotKind, bytes: Uint8Array, begin: number): number {
  if (kind === 'decimal') return decimalEnd(bytes, begin);
  return kind === 'number' ? numberEnd(bytes, begin) : timeEnd(bytes, begin);
}

function digitsEnd(bytes: Uint8Array, begin: number): number {
  let at = begin;
  while (at < bytes.length && bytes[at]! >= zero && bytes[at]! <= zero + 9) at++;
  return at;
}

/** Not negative, as JSON has it, with blanks before it. */
function numberEnd(bytes: Uint8Array, begin: number): number {
  let from = begin;
  while (from < bytes.length && bytes[from] === blank) from++;
  const end = digitsEnd(bytes, from);
  const digits = end - from;
  return digits === 0 || digits > mostNumberDigits || (digits > 1 && bytes[from] === zero) ? -1 : end;
}

/** Such as 230.4 or -0.5, as JavaScript writes numbers, but for zeros at the end. */
function decimalEnd(bytes: Uint8Array, begin: number): number {
  const from = bytes[begin] === minus ? begin + 1 : begin;
  const whole = digitsEnd(bytes, from);
  let digits = whole - from;
  if (digits === 0 || (digits > 1 && bytes[from] === zero)) return -1;
  let end = whole;
  if (whole < bytes.length && bytes[whole] === dot) {
    end = digitsEnd(bytes, whole + 1);
    const fraction = end - whole - 1;
    if (fraction === 0 || fraction > mostFractionDigits) return -1;
    digits += fraction;
  }
  return digits > mostDecimalDigits ? -1 : end;
}

/** In UTC, with or without fractions of a second. Whether there is such a day is for Date to find out. */
function timeEnd(bytes: Uint8Array, begin: number): number {
  let at = begin + time.length;
  if (at >= bytes.length) return -1;
  for (let i = 0; i < time.length; i++) {
    const byte = bytes[begin + i]!;
    const expected = time.charCodeAt(i);
    if (expected === zero ? byte < zero || byte > zero + 9 : byte !== expected) return -1;
  }
  if (bytes[at] === dot) {
    const end = digitsEnd(bytes, at + 1);
    if (end === at + 1 || end - at > 10) return -1;
    at = end;
  }
  return at < bytes.length && bytes[at] === 0x5a ? at + 1 : -1;
}

/** The moment of a time slot with milliseconds, `2026-03-01T12:00:00.250Z`; undefined for other forms, and where it takes Date to know whether there is such a day. */
export function plainMoment(bytes: Uint8Array, begin: number, end: number): Date | undefined {
  if (end - begin !== 24 || bytes[begin] === zero) return undefined;
  const two = (at: number) => (bytes[begin + at]! - zero) * 10 + bytes[begin + at + 1]! - zero;
  const [month, day, hour, minute, second] = [two(5), two(8), two(11), two(14), two(17)];
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Date(Date.UTC(two(0) * 100 + two(2), month - 1, day, hour, minute, second, two(20) * 10 + bytes[begin + 22]! - zero));
}
