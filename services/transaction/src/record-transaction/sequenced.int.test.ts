import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open();
  for (const token of ['DRIVER', 'COLLEAGUE', 'LATER']) await service.token(token);
});
afterAll(() => service.close());

const now = Date.now();
const at = (n: number) => new Date(now - 3_600_000 + n * 60_000);
const idToken = (value: string, type = 'ISO14443') => ({ idToken: { idToken: value, type } });
const reading = (n: number, wh: number) => ({ meterValue: [{ timestamp: at(n).toISOString(), sampledValue: [{ value: wh }] }] });

type Kind = 'Started' | 'Updated' | 'Ended';
/** An event of a transaction, at the minute of its sequence number. */
function event(eventType: Kind, seqNo: number, { transactionId = 'tx-1', info = {}, ...more }: { transactionId?: string; info?: object; [field: string]: unknown } = {}) {
  return { eventType, seqNo, timestamp: at(seqNo).toISOString(), triggerReason: 'Trigger', transactionInfo: { transactionId, ...info }, ...more };
}
const send = (station: string, payload: object, gateway: 0 | 1 = 0, stamp: object = {}) => service.call(station, 'TransactionEvent', payload, { protocol: 'v201', ...stamp }, gateway);

/** A charge whose facts are spread over its events: the connector and the token come later, some events have no reading, the end has none of its own. */
const charge = [
  event('Started', 0, { evse: { id: 2 }, info: { chargingState: 'EVConnected', remoteStartId: 77 }, ...reading(0, 100), offline: true }),
  event('Updated', 1, { ...idToken('DRIVER'), evse: { id: 2, connectorId: 2 }, info: { chargingState: 'Charging' } }),
  event('Updated', 2, reading(2, 900)),
  event('Updated', 3, { ...idToken('COLLEAGUE'), info: { chargingState: 'SuspendedEV' } }),
  event('Ended', 4, { ...idToken('COLLEAGUE'), info: { stoppedReason: 'EVDisconnected' } }),
];

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
}

/** What must not depend on the order of arrival: everything but our number and the stamps of frames. */
async function recordOf(station: string) {
  const { number, station: _, startReceivedAt, startFrame, endReceivedAt, endFrame, ...record } = await service.transaction(station);
  expect([number > 0, startReceivedAt !== null, startFrame !== null, endReceivedAt !== null, endFrame !== null]).toEqual([true, true, true, true, true]);
  return record;
}

const expectedRecord = {
  tenant: 'acme',
  key: 'tx-1',
  wireId: 'tx-1',
  protocol: 'v201',
  evse: 2,
  connector: 2,
  token: 'DRIVER',
  tokenKey: 'driver',
  tokenKind: 'ISO14443',
  remoteStartId: 77,
  startedAt: at(0),
  startWh: 100,
  chargingState: 'SuspendedEV',
  lastSequence: 4,
  lastAt: at(4),
  lastWh: 900,
  endedAt: at(4),
  endKind: 'reported',
  endWh: 900,
  stopReason: 'EVDisconnected',
  stopToken: 'COLLEAGUE',
  flags: [],
};

describe('a charge of a 2.x station', () => {
  test('ends in the same record whatever the order in which its events arrive', async () => {
    const orders = permutations(charge);
    expect(orders).toHaveLength(120);
    await Promise.all(
      orders.map(async (order, n) => {
        for (const payload of order) await send(`order-${n}`, payload);
      }),
    );
    const wrong: object[] = [];
    for (const [n, order] of orders.entries()) {
      const { authorization: _verdict, ...record } = await recordOf(`order-${n}`);
      for (const [field, value] of Object.entries(expectedRecord)) {
        const found = (record as Record<string, unknown>)[field];
        if (JSON.stringify(found) !== JSON.stringify(value)) wrong.push({ order: order.map(({ seqNo }) => seqNo).join(' '), field, found, value });
      }
    }
    expect(wrong).toEqual([]);
  });

  test('ends in the same record when all its events arrive at once, through two gateways', async () => {
    for (let round = 0; round < 10; round++) {
      const order = permutations(charge)[round * 11]!;
      await Promise.all(order.map((payload, n) => send(`race-${round}`, payload, (n % 2) as 0 | 1)));
      expect(await recordOf(`race-${round}`)).toMatchObject(expectedRecord);
      expect((await service.events(`race-${round}`)).map(({ type }) => type).toSorted()).toEqual([
        'transaction.ended',
        'transaction.started',
        ...Array.from({ length: 3 }, () => 'transaction.updated'),
      ]);
    }
  });

  test('takes repetitions of any event without a second record, sample or event', async () => {
    for (const payload of charge) {
      const first = await send('repeat', payload);
      expect(await send('repeat', payload, 1)).toEqual(first);
    }
    await Promise.all([...charge, ...charge].map((payload) => send('repeat', payload)));
    expect(await recordOf('repeat')).toMatchObject(expectedRecord);
    expect(await service.samples('repeat')).toHaveLength(2);
    expect(await service.events('repeat')).toHaveLength(5);
  });

  test('is known from whichever event comes first, and says that its start was not seen until it was', async () => {
    await send('unseen', event('Updated', 3, reading(3, 500)));
    expect(await service.transaction('unseen')).toMatchObject({ startedAt: null, endedAt: null, lastWh: 500, flags: ['start-unseen'] });
    await send('unseen', event('Ended', 4));
    expect(await service.transaction('unseen')).toMatchObject({ startedAt: null, endWh: 500, stopReason: 'Local', flags: ['start-unseen'] });
    await send('unseen', event('Started', 0));
    expect(await service.transaction('unseen')).toMatchObject({ startedAt: at(0), flags: [] });
  });

  test('is another’s where two stations choose the same id', async () => {
    await send('same-a', event('Started', 0, { ...reading(0, 1), transactionId: 'shared' }));
    await send('same-b', event('Started', 0, { ...reading(0, 2), transactionId: 'shared' }));
    await send('same-a', event('Ended', 1, { transactionId: 'shared' }));
    const [a, b] = [await service.transaction('same-a'), await service.transaction('same-b')];
    expect(a.number).not.toBe(b.number);
    expect([a.endKind, b.endKind]).toEqual(['reported', null]);
  });

  test('that has ended stays ended: later events are stored and reopen nothing, and a second end is no event', async () => {
    await send('final', event('Started', 0));
    await send('final', event('Ended', 5, { ...reading(5, 700), info: { stoppedReason: 'Remote' } }));
    const ended = await service.transaction('final');
    await send('final', event('Updated', 3, { ...reading(3, 300), info: { chargingState: 'Charging' }, offline: true }));
    await send('final', event('Ended', 6, { info: { stoppedReason: 'PowerLoss' } }));
    expect(await service.transaction('final')).toMatchObject({ endKind: 'reported', endedAt: ended.endedAt, endWh: 700, stopReason: 'Remote' });
    expect((await service.samples('final')).map(({ registerWh }) => registerWh)).toEqual([300, 700]);
    expect((await service.events('final')).filter(({ type }) => type === 'transaction.ended')).toHaveLength(1);
  });

  test('is flagged where it ends before it starts, whichever is heard first', async () => {
    const ended = { ...event('Ended', 1), timestamp: at(-10).toISOString() };
    for (const [station, order] of Object.entries({ 'before-1': [event('Started', 0), ended], 'before-2': [ended, event('Started', 0)] })) {
      for (const payload of order) await send(station, payload);
      expect((await service.transaction(station)).flags).toEqual(['ended-before-start']);
    }
  });

  test('is flagged where its meter fell, whichever is heard first', async () => {
    const order = [event('Started', 0, reading(0, 500)), event('Ended', 1, reading(1, 400))];
    for (const payload of order) await send('fell-1', payload);
    for (const payload of order.toReversed()) await send('fell-2', payload);
    expect([(await service.transaction('fell-1')).flags, (await service.transaction('fell-2')).flags]).toEqual([['energy-decreased'], ['energy-decreased']]);
  });

  test('uses one number, however many events it has', async () => {
    await send('numbers', event('Started', 0));
    for (let n = 1; n <= 20; n++) await send('numbers', event('Updated', n));
    await send('numbers-next', event('Started', 0));
    const [first, next] = [await service.transaction('numbers'), await service.transaction('numbers-next')];
    expect(next.number - first.number).toBe(1);
  });

  test('ends the one that was open on its EVSE, also when its start is not the first that is heard of it', async () => {
    await send('evse', event('Started', 0, { transactionId: 'a', evse: { id: 1 }, ...reading(0, 10) }));
    await send('evse', event('Updated', 12, { transactionId: 'b', ...reading(12, 60) }));
    await send('evse', event('Started', 11, { transactionId: 'b', evse: { id: 1 } }));
    const [a, b] = await service.transactions('evse');
    expect(a).toMatchObject({ key: 'a', endKind: 'inferred', endedAt: at(0), endWh: 10 });
    expect(b).toMatchObject({ key: 'b', endKind: null });
    await send('evse', event('Ended', 9, { transactionId: 'a', ...reading(9, 50) }));
    expect((await service.transactions('evse'))[0]).toMatchObject({ endKind: 'reported', endedAt: at(9), endWh: 50 });
    expect((await service.events('evse')).at(-1)).toMatchObject({ type: 'transaction.corrected' });
  });

  test('is kept for an operator, and answered, where a number fits no column', async () => {
    expect(await send('range', event('Started', 4_000_000_000, idToken('DRIVER')))).toMatchObject({ idTokenInfo: {} });
    expect(await service.quarantined('range')).toHaveLength(1);
    expect(await service.transactions('range')).toEqual([]);
  });
});

describe('the token of a charge', () => {
  const status = (answer: Record<string, unknown>) => (answer.idTokenInfo as { status?: string } | undefined)?.status;

  test('may come later than its start', async () => {
    expect(await send('later', event('Started', 0, { evse: { id: 1 } }))).toEqual({});
    expect(await service.transaction('later')).toMatchObject({ token: null });
    expect(status(await send('later', event('Updated', 1, { evse: { id: 1 }, ...idToken('LATER') })))).toBe('Accepted');
    expect(await service.transaction('later')).toMatchObject({ token: 'LATER', authorization: 'Accepted' });
    await send('later', event('Ended', 2));
  });

  test('is not charging elsewhere because of the charge itself, even where events do not name the EVSE', async () => {
    await service.token('SELF');
    expect(status(await send('self', event('Started', 0, { evse: { id: 1 }, ...idToken('SELF') })))).toBe('Accepted');
    expect(status(await send('self', event('Updated', 1, idToken('SELF'))))).toBe('Accepted');
    expect(status(await send('self', event('Started', 0, { evse: { id: 1 }, ...idToken('SELF') })))).toBe('Accepted');
    expect(status(await send('self', event('Ended', 2, idToken('SELF'))))).toBe('Accepted');
  });

  test('charges once at a time: not on another connector or station, but again on its own', async () => {
    await service.token('ONCE');
    const started = (id: number, transactionId: string) => event('Started', 0, { transactionId, evse: { id }, ...idToken('once') });
    expect(status(await send('once', started(1, 'a')))).toBe('Accepted');
    expect(status(await send('once', started(2, 'b')))).toBe('ConcurrentTx');
    expect(status(await send('once-elsewhere', started(1, 'c')))).toBe('ConcurrentTx');
    await service.call('once-v16', 'StartTransaction', { connectorId: 1, idTag: 'ONCE', meterStart: 0, timestamp: at(0).toISOString() }).then((answer) => {
      expect(answer).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: 'ConcurrentTx' } });
    });
    for (const [station, transactionId] of [['once', 'b'], ['once-elsewhere', 'c']] as const) await send(station, event('Ended', 1, { transactionId }));
    await service.call('once-v16', 'StopTransaction', { transactionId: (await service.transaction('once-v16')).number, meterStop: 1, timestamp: at(1).toISOString() });
    // The end of 'a' was lost: a start on its own connector is not refused for it.
    expect(status(await send('once', { ...started(1, 'd'), timestamp: at(5).toISOString() }))).toBe('Accepted');
    await send('once', { ...event('Ended', 1, { transactionId: 'd' }), timestamp: at(6).toISOString() });
    expect(status(await send('once-elsewhere', { ...started(1, 'e'), timestamp: at(7).toISOString() }))).toBe('Accepted');
  });

  test('that is none, because the station asks for none, charges anywhere and as often as it likes', async () => {
    for (const [n, transactionId] of ['a', 'b'].entries()) {
      const answer = await send('free', event('Started', 0, { transactionId, evse: { id: n + 1 }, ...idToken('', 'NoAuthorization') }));
      expect(status(answer)).toBe('Accepted');
    }
  });

  test.each([
    ['blocked', { status: 'Blocked' as const }, 'Blocked'],
    ['expired', { expiresAt: new Date(now - 1_000) }, 'Expired'],
    ['good', { expiresAt: new Date(now + 3_600_000), group: 'fleet' }, 'Accepted'],
    ['unknown', undefined, 'Invalid'],
  ] as const)('is judged without regard to case: %s', async (name, more, verdict) => {
    if (more) await service.token(`Tag-${name}`, more);
    const evse = { id: 1 };
    const answer = await send(`verdict-${name}`, event('Started', 0, { evse, ...idToken(`tAG-${name.toUpperCase()}`) }));
    expect(answer).toMatchObject({ idTokenInfo: { status: verdict, ...(more && 'group' in more && { groupIdToken: { idToken: 'fleet' } }) } });
    expect(await service.call(`verdict-${name}`, 'Authorize', { idToken: { idToken: `TAG-${name}`, type: 'ISO14443' } }, { protocol: 'v201' })).toMatchObject({ idTokenInfo: { status: verdict } });
    expect(await service.call(`verdict-16-${name}`, 'Authorize', { idTag: `tag-${name}` })).toMatchObject({ idTagInfo: { status: verdict } });
    // The charge is recorded whatever the verdict: the energy may be flowing.
    expect(await service.transaction(`verdict-${name}`)).toMatchObject({ authorization: verdict, flags: verdict === 'Accepted' ? [] : ['token-refused'] });
  });
});
