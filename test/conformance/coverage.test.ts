import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

/** The certification cases of the central system that public material names. */
const cases = {
  core: (
    '001 003 004_1 004_2 005_1 007 010 011_1 011_2 012 013 014 017_1 017_2 018_1 019_1 019_2 021 ' +
    '023_1 023_2 023_3 024 026 028 030 031 032_1 037_1 037_3 039 040_1 040_2 061 064'
  ).split(' '),
  'local list': ['042_1', '042_2', '043_1', '043_3', '043_4', '043_5'],
  firmware: ['044_1', '044_2', '044_3', '045_1', '045_2'],
  reservation: ['046', '047', '048_1', '048_2', '048_3', '048_4', '049', '051', '052', '053'],
  'remote trigger': ['054', '055'],
  'smart charging': ['056', '057', '059', '066', '067'],
  security: ['073', '074', '075_1', '075_2', '076', '077', '078', '079', '080', '081', '083', '085', '086', '087', '088'],
};

const folder = new URL('v16/', import.meta.url);
const texts = readdirSync(folder)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'));

/** The tests, each as it is written, with its table: a test ends where a line closes it that is as far in as the line that began it. */
const tests = texts.flatMap((text) => [...text.matchAll(/^( *)test[.(][\s\S]*?\n\1}(?:, [\d_]+)?\);$/gm)].map(([whole]) => whole));

/** What a case may be looked at by: what crossed the wire, and what is known afterwards. */
const looks = {
  frames: /expect\((?:await )?[^;]*?\b(?:actions|answer|answers|asked|asks|authorize|begin|boot|call|charge|fetched|frames|certificateChain|handshake|idTagInfo|others|payload|protocol|received|refusal|request|start|stop|story|tells|whenReceived)\b/,
  'what is stored': /expect\((?:await )?[^;]*?\b(?:done|items|keysOf|kept|list|record|rest|row|rowCounts|rows|stands|stored|transactions)\b|\b(?:requestBecomes|kept)\b/,
};

/** The ids of cases that stand at the beginning of names: `test('TC_001 …'`, `['TC_048_1 …', …]`. */
const idsIn = (text: string) => [...text.matchAll(/['"`]TC_(\d{3}(?:_\d)?)\b(?!_\d)/g)].map(([, id]) => id);
const looked = (look: RegExp) => new Set(tests.filter((text) => look.test(text)).flatMap(idsIn));

describe('OCPP 1.6', () => {
  test.each(Object.entries(cases))('every certification case of %s has a test that is named after it', (_profile, ids) => {
    const named = new Set(tests.flatMap(idsIn));
    expect(ids.filter((id) => !named.has(id)).map((id) => `TC_${id}`)).toEqual([]);
  });

  test.each(Object.entries(looks))('every certification case is looked at by %s', (_what, look) => {
    const seen = looked(look);
    expect(Object.values(cases).flatMap((ids) => ids.filter((id) => !seen.has(id)))).toEqual([]);
  });
});
