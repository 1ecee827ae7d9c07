import { describe, expect, test } from '@jest/globals';
import type { JestReport } from './test-outcome.js';
import { outcomeOfJest, summary } from './test-outcome.js';

const report = (...results: [status: string, fullName: string][]): JestReport => ({
  numPassedTests: results.filter(([status]) => status === 'passed').length,
  testResults: [
    {
      name: 'a.test.ts',
      status: results.some(([status]) => status === 'failed') ? 'failed' : 'passed',
      message: '',
      assertionResults: results.map(([status, fullName]) => ({ status, fullName })),
    },
  ],
});

describe('the outcome of a jest run', () => {
  test('counts what passed and names what failed', () => {
    expect(outcomeOfJest(report(['passed', 'one'], ['failed', 'two']), 1)).toEqual({ passed: 1, failures: ['two'], skipped: [] });
  });

  test('takes the reason of a skipped test from its name, and fails one without', () => {
    expect(outcomeOfJest(report(['passed', 'one'], ['pending', 'draws the chart [helm is not here]'], ['pending', 'two']), 0)).toEqual({
      passed: 1,
      failures: ['two (skipped without a reason)'],
      skipped: [{ name: 'draws the chart', reason: 'helm is not here' }],
    });
  });

  test('fails when a file could not be run at all', () => {
    const broken = report(['passed', 'one']);
    broken.testResults.push({ name: 'b.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] });
    expect(outcomeOfJest(broken, 1).failures).toEqual(['b.test.ts (could not be run)']);
  });

  test('fails when jest crashed, ran nothing, or failed for another reason', () => {
    expect(outcomeOfJest(undefined, null).failures).toEqual(['jest ended with a signal and left no report']);
    expect(outcomeOfJest({ numPassedTests: 0, testResults: [] }, 0).failures).toEqual(['jest ran no test']);
    expect(outcomeOfJest(report(['passed', 'one']), 1).failures).toEqual(['jest ended with 1 though no test failed']);
  });

  test('is summed up with one last line of numbers', () => {
    const lint = { passed: 1, failures: [], skipped: [] };
    expect(summary([lint, outcomeOfJest(report(['passed', 'one'], ['failed', 'two'], ['pending', 'three [no helm]']), 1)])).toBe(
      'skipped: three (no helm)\nfailed: two\n2 passed, 1 failed, 1 skipped',
    );
  });
});
