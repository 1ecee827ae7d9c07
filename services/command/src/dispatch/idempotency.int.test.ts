import { describe, expect, test } from '@jest/globals';
import { accepting, connect, pod, rejection, send, useCommandService } from '../command-fixture.js';

useCommandService();

describe('an idempotency key', () => {
  test('of two at once has one sent and answers both alike', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(station, { idempotencyKey: 'at once' })));
    expect(gateway.calls).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ state: 'accepted' });
  });

  test('that is used again gets the first answer, however its payload is spelt and even if the station is gone', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const first = await send(station, { idempotencyKey: 'later', payload: { type: 'Soft', more: { a: 1, b: 2 } } });
    await gateway.serving.stop();
    expect(await send(station, { idempotencyKey: 'later', payload: { more: { b: 2, a: 1 }, type: 'Soft' }, timeoutSeconds: 9 })).toEqual(first);
    expect(gateway.calls).toHaveLength(1);
  });

  test('of another order is a conflict, and of another tenant another key', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    await send(station, { idempotencyKey: 'other' });
    for (const different of [{ payload: { type: 'Hard' } }, { payload: {} }, { payload: { type: ['Soft'] } }, { action: 'ClearCache' }, { station: 'CS-other' }]) {
      expect((await rejection(send(station, { idempotencyKey: 'other', ...different }))).code).toBe('conflict');
    }
    expect(await send(station, { idempotencyKey: 'other', tenant: 'second' })).toMatchObject({ state: 'failed', result: { reason: 'offline' } });
    expect(gateway.calls).toHaveLength(1);
  });
});
