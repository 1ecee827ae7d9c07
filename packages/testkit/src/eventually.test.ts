import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  test('returns the first truthy value', async () => {
    let looks = 0;
    expect(await eventually('three looks', () => (++looks === 3 ? `seen ${looks}` : undefined))).toBe('seen 3');
  });

  test('waits through errors of the condition', async () => {
    let looks = 0;
    const value = await eventually('an answer', async () => {
      if (++looks < 3) throw new Error('refused');
      return looks;
    });
    expect(value).toBe(3);
  });

  test('names what it waited for and the last value in vain', async () => {
    await expect(eventually('the queue is empty', () => 0, { timeoutMs: 60 })).rejects.toThrow('Not within 60 ms: the queue is empty (last value: 0)');
  });

  test('names the last error and keeps it as the cause', async () => {
    const refused = new Error('refused');
    const failure = eventually('a connection', () => Promise.reject(refused), { timeoutMs: 60 });
    await expect(failure).rejects.toThrow('Not within 60 ms: a connection (last error: refused)');
    await expect(failure).rejects.toHaveProperty('cause', refused);
  });

  test('does not wait for a look that never returns', async () => {
    await expect(eventually('an answer', () => new Promise<boolean>(() => {}), { timeoutMs: 60 })).rejects.toThrow('the first look has not returned');
  });
});
