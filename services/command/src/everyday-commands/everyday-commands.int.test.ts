import { expect, test } from '@jest/globals';
import { availabilityCommand, clearCacheCommand, resetCommand, unlockCommand, vendorMessageCommand } from '@ohmnibus/contracts';
import { bus, connect, pod, rejection, result, stored, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

test('everyday commands become the messages of the version that the station speaks, and end as it answers', async () => {
  const gateway = await pod((call) => result({ status: { UnlockConnector: 'Unlocked', ChangeAvailability: 'Scheduled' }[call.action] ?? 'Accepted' }));
  const { station } = await connect(gateway.name, 'v16');
  const order = { tenant, station, timeoutSeconds: 5 };
  const answers = [
    await bus.ask(resetCommand, {}, { ...order, when: 'immediately' }),
    await bus.ask(resetCommand, {}, { ...order, when: 'idle' }),
    await bus.ask(unlockCommand, {}, { ...order, evse: 2, connector: 1 }),
    await bus.ask(availabilityCommand, {}, { ...order, operative: false, evse: 2 }),
    await bus.ask(availabilityCommand, {}, { ...order, operative: true }),
    await bus.ask(clearCacheCommand, {}, order),
    await bus.ask(vendorMessageCommand, {}, { ...order, vendor: 'com.example', messageId: 'light', data: 'on' }),
  ];
  expect(answers.map(({ state }) => state)).toEqual(Array.from(answers, () => 'accepted'));
  expect(gateway.calls.map(({ action, payload }) => [action, JSON.parse(payload)])).toEqual([
    ['Reset', { type: 'Hard' }],
    ['Reset', { type: 'Soft' }],
    ['UnlockConnector', { connectorId: 2 }],
    ['ChangeAvailability', { connectorId: 2, type: 'Inoperative' }],
    ['ChangeAvailability', { connectorId: 0, type: 'Operative' }],
    ['ClearCache', {}],
    ['DataTransfer', { vendorId: 'com.example', messageId: 'light', data: 'on' }],
  ]);
});

test('a refusal of the station is the end of the command, with the station’s own word', async () => {
  const gateway = await pod(() => result({ status: 'UnlockFailed' }));
  const { station } = await connect(gateway.name, 'v16');
  const answer = await bus.ask(unlockCommand, {}, { tenant, station, timeoutSeconds: 5, evse: 1, connector: 1 });
  expect(answer).toMatchObject({ state: 'rejected', result: { type: 'CALLRESULT', payload: { status: 'UnlockFailed' } } });
  expect(await stored(answer.id)).toMatchObject({ action: 'UnlockConnector', state: 'rejected' });
});

test('what a version has no message for is not sent, and what is no order is refused', async () => {
  const gateway = await pod(() => result({ status: 'Accepted' }));
  const { station } = await connect(gateway.name, 'v15');
  const order = { tenant, station, timeoutSeconds: 5 };
  expect(await bus.ask(clearCacheCommand, {}, order)).toMatchObject({ state: 'accepted' });
  const newer = await connect(gateway.name, 'v201');
  expect(await bus.ask(clearCacheCommand, {}, { ...order, station: newer.station })).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'unsupported' } });
  expect((await rejection(bus.ask(unlockCommand, {}, { ...order, evse: 0, connector: 1 }))).code).toBe('bad-value');
  expect(gateway.calls).toHaveLength(1);
});
