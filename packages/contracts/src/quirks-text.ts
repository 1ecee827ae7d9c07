import type { Quirks } from '@ohmnibus/domain';

/** There are as many as profiles; a change of one makes another. */
const mostKnown = 10_000;

const texts = new WeakMap<Quirks, string>();
const known = new Map<string, Quirks>();

/** Quirks on their way with each CALL of a station: written once for each object. */
export function writeQuirks(quirks: Quirks): string {
  let text = texts.get(quirks);
  if (text === undefined) texts.set(quirks, (text = JSON.stringify(quirks)));
  return text;
}

/** The same object each time, as long as the text is the same. */
export function readQuirks(text: string): Quirks {
  let quirks = known.get(text);
  if (!quirks) {
    if (known.size >= mostKnown) known.clear();
    known.set(text, (quirks = JSON.parse(text) as Quirks));
    texts.set(quirks, text);
  }
  return quirks;
}
