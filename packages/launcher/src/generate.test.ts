import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from './generate.js';

let root: string;
const page = { output: 'docs/page.md', module: 'page.mjs', function: 'page' };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ohmnibus-generate-'));
  writeFileSync(join(root, 'page.mjs'), "export const page = async () => '# Page\\n';\nexport const number = () => 1;\n");
});
afterEach(() => rmSync(root, { recursive: true }));

describe('generate', () => {
  test('writes what is missing or stale and nothing else', async () => {
    expect(await generate(root, { table: [page] })).toEqual(['docs/page.md']);
    expect(readFileSync(join(root, 'docs/page.md'), 'utf8')).toBe('# Page\n');
    expect(await generate(root, { table: [page] })).toEqual([]);
    writeFileSync(join(root, 'docs/page.md'), 'edited by hand');
    expect(await generate(root, { table: [page] })).toEqual(['docs/page.md']);
  });

  test('only tells, when it is to check', async () => {
    expect(await generate(root, { table: [page], check: true })).toEqual(['docs/page.md']);
    expect(existsSync(join(root, 'docs/page.md'))).toBe(false);
  });

  test('refuses a function that is missing or returns no text', async () => {
    await expect(generate(root, { table: [{ ...page, function: 'absent' }] })).rejects.toThrow('page.mjs has no function absent');
    await expect(generate(root, { table: [{ ...page, function: 'number' }] })).rejects.toThrow('page.mjs has no function number');
  });
});
