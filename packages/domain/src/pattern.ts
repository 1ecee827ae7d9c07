/**
 * Whether a text fits a pattern, in which `*` stands for any characters; letters are compared without regard to case. Without a pattern
 * anything fits, and what is not known fits only what anything fits. The same rule as `fits_pattern` in the database.
 */
export function fitsPattern(text: string | null | undefined, pattern: string | null | undefined): boolean {
  if (pattern === null || pattern === undefined) return true;
  const parts = pattern.toLowerCase().split('*');
  const rest = (text ?? '').toLowerCase();
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return rest === first;
  if (!rest.startsWith(first)) return false;
  // Each part at its first place leaves the most for those behind it.
  let at = first.length;
  for (const part of others) {
    const found = rest.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return rest.length - at >= last.length && rest.endsWith(last);
}

/** Which stations something is meant for; what is null or absent fits any. */
export interface StationPattern {
  readonly vendor?: string | null;
  readonly model?: string | null;
  readonly firmware?: string | null;
}

/** What a station says that it is. */
export interface StationMake {
  readonly vendor?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly firmware?: string | null | undefined;
}

export function fitsMake(make: StationMake, pattern: StationPattern): boolean {
  return fitsPattern(make.vendor, pattern.vendor) && fitsPattern(make.model, pattern.model) && fitsPattern(make.firmware, pattern.firmware);
}
