import { describe, expect, test } from '@jest/globals';
import { accepting, connect, fresh, never, pod, presence, result, send, stored, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

describe('a command to a connected station', () => {
  test('goes to the pod that holds its socket, with its epoch, and answers what the station said', async () => {
    const gateway = await pod(accepting);
    const { station, epoch } = await connect(gateway.name);
    const before = Date.now();
    const answer = await send(station, { requestedBy: 'a test', payload: { type: 'Soft', extension: { deep: [1, 'é', null] } } });
    expect(answer).toEqual({ id: expect.any(String), state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } });
    expect(gateway.calls).toHaveLength(1);
    expect(gateway.calls[0]).toMatchObject({ tenant, station, epoch, id: answer.id, action: 'Reset', payload: '{"type":"Soft","extension":{"deep":[1,"é",null]}}' });
    expect(gateway.calls[0]!.deadline).toBeGreaterThanOrEqual(before + 5000);
    expect(gateway.calls[0]!.answerTimeoutMs).toBeLessThanOrEqual(5000);
    expect(await stored(answer.id)).toMatchObject({ tenant, station, action: 'Reset', state: 'accepted', requestedBy: 'a test', result: answer.result, finishedAt: expect.any(Date) });
  });

  test.each([
    ['a refusal', result({ status: 'Rejected' }), 'rejected', { type: 'CALLRESULT', payload: { status: 'Rejected' } }],
    [
      'a CALLERROR',
      { kind: 'error', code: 'NotSupported', description: 'no', details: { a: 1 } } as const,
      'failed',
      { type: 'CALLERROR', code: 'NotSupported', description: 'no', details: { a: 1 } },
    ],
    ['no answer in time', { kind: 'unanswered', reason: 'timeout' } as const, 'unknown', { type: 'none', reason: 'timeout' }],
    ['a connection lost on the way', { kind: 'unanswered', reason: 'connection-lost' } as const, 'unknown', { type: 'none', reason: 'connection-lost' }],
    ['a deadline that passed in the queue', { kind: 'not-written', reason: 'expired' } as const, 'expired', { type: 'none', reason: 'expired' }],
    ['a queue that is full', { kind: 'not-written', reason: 'overloaded' } as const, 'failed', { type: 'none', reason: 'overloaded' }],
    ['an id that was written before', { kind: 'not-written', reason: 'repeated' } as const, 'unknown', { type: 'none', reason: 'repeated' }],
    ['a result that is not JSON', { kind: 'result', payload: '{"status":' } as const, 'unknown', { type: 'CALLRESULT', payload: '{"status":' }],
    ['a result without a verdict', result({ state: 'Accepted' }), 'unknown', { type: 'CALLRESULT', payload: { state: 'Accepted' } }],
    ['a result with more than its schema has', result({ status: 'Accepted', more: 1 }), 'accepted', { type: 'CALLRESULT', payload: { status: 'Accepted', more: 1 } }],
  ] as const)('tells %s', async (_, outcome, state, expected) => {
    const gateway = await pod(() => outcome);
    const { station } = await connect(gateway.name);
    const answer = await send(station);
    expect(answer).toEqual({ id: answer.id, state, result: expected });
    expect(gateway.calls).toHaveLength(1);
    expect(await stored(answer.id)).toMatchObject({ state, result: expected });
  });

  test('dispatches an action that no version knows, and takes its result for accepted', async () => {
    const gateway = await pod(() => result({ whatever: true }));
    const { station } = await connect(gateway.name, 'v201');
    expect(await send(station, { action: 'MadeUpByTheVendor', payload: {} })).toMatchObject({ state: 'accepted', result: { payload: { whatever: true } } });
  });

  test('is asked once and ends as unknown if the pod never answers', async () => {
    const gateway = await pod(never);
    const { station } = await connect(gateway.name);
    const answer = await send(station, { timeoutSeconds: 1 });
    expect(answer).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'timeout' } });
    expect(gateway.calls).toHaveLength(1);
    expect(await presence.owner({ tenant, station })).toMatchObject({ pod: gateway.name });
  });
});

describe('a command to a station that is not where it was', () => {
  test('fails as offline if nobody owns the station', async () => {
    const answer = await send('CS-nowhere');
    expect(answer).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    expect(await stored(answer.id)).toMatchObject({ state: 'failed', finishedAt: expect.any(Date) });
  });

  test('looks it up again after "stale" and goes to the new pod', async () => {
    const next = await pod(accepting);
    const station = fresh('CS');
    const first = await pod(async () => {
      await connect(next.name, 'v16', station);
      return { kind: 'stale' };
    });
    await connect(first.name, 'v16', station);
    expect(await send(station)).toMatchObject({ state: 'accepted' });
    expect([first.calls.length, next.calls.length]).toEqual([1, 1]);
    expect(next.calls[0]!.id).toBe(first.calls[0]!.id);
    expect(next.calls[0]!.epoch).toBeGreaterThan(first.calls[0]!.epoch);
  });

  test('gives up after two retries', async () => {
    const gateway = await pod(() => ({ kind: 'stale' }));
    const { station } = await connect(gateway.name);
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    expect(gateway.calls).toHaveLength(3);
  });

  test('fails as gateway-gone and leaves the entry of a pod that lives though nobody listens for it', async () => {
    const name = fresh('pod');
    await presence.refreshLiveness(name, 60_000);
    const { station, epoch } = await connect(name);
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'gateway-gone' } });
    expect(await presence.owner({ tenant, station })).toMatchObject({ pod: name, epoch });
  });

  test('fails as gateway-gone and clears the entry of a pod that lives no more', async () => {
    const { station } = await connect(fresh('pod'));
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'gateway-gone' } });
    expect(await presence.owner({ tenant, station })).toBeUndefined();
  });
});
