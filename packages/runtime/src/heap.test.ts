import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { heapFlags, nodeOptions } from './heap.js';

describe('the heap of a service', () => {
  // V8 takes a flag that it does not know without a word.
  test.each([...heapFlags, nodeOptions])('is given a flag that this node knows: %s', (flag) => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 10_000_000 });
    expect(known).toContain(`  ${flag.slice(0, flag.indexOf('='))} `);
  });
});
