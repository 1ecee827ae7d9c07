import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deleteTokenGroup, importTokens, putToken, putTokenGroup } from '@ohmnibus/contracts';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open();
});
afterAll(() => service.close());

const began = Date.now() - 3_600_000;
let minutes = 0;
const timestamp = () => new Date(began + ++minutes * 60_000).toISOString();

const verdict = async (station: string, idTag: string) => (await service.call(station, 'Authorize', { idTag }))['idTagInfo'];

/** Begins a charge and tells the verdict. */
async function begin(station: string, idTag: string, connectorId = 1) {
  const { transactionId, idTagInfo } = await service.call(station, 'StartTransaction', { connectorId, idTag, meterStart: 0, timestamp: timestamp() });
  return { transactionId, status: (idTagInfo as { status: string }).status };
}

const end = (station: string, transactionId: unknown) => service.call(station, 'StopTransaction', { transactionId, meterStop: 1, timestamp: timestamp() });

describe('a token with a scope', () => {
  beforeAll(async () => {
    await service.token('SCOPED', { stations: ['HOME', 'odd "id", {x}'], stationPrefixes: ['DEPOT-', 'L%'], group: 'FLEET' });
  });

  test.each([
    ['HOME', 'Accepted'],
    ['odd "id", {x}', 'Accepted'],
    ['DEPOT-7', 'Accepted'],
    ['L%1', 'Accepted'],
    ['LX1', 'Blocked'],
    ['home', 'Blocked'],
    ['HOME-2', 'Blocked'],
    ['A-DEPOT-7', 'Blocked'],
  ])('is told so at %s: %s', async (station, status) => {
    expect(await verdict(station, 'scoped')).toEqual({ status, parentIdTag: 'FLEET' });
    expect(await service.call(station, 'Authorize', { idToken: { idToken: 'SCOPED', type: 'ISO14443' } }, { protocol: 'v201' })).toMatchObject({
      idTokenInfo: { status: status === 'Accepted' ? 'Accepted' : 'NotAtThisLocation', groupIdToken: { idToken: 'FLEET' } },
    });
  });

  test('is refused a charge elsewhere, which is recorded all the same', async () => {
    const { status, transactionId } = await begin('ELSEWHERE', 'SCOPED');
    expect(status).toBe('Blocked');
    expect(await service.transaction('ELSEWHERE')).toMatchObject({ number: transactionId, authorization: 'NotAtThisLocation', flags: ['token-refused'] });
    await end('ELSEWHERE', transactionId);
  });
});

describe('a token with a limit', () => {
  test('of two charges twice at once, and a third time when one has ended', async () => {
    await service.token('TWICE', { maxTransactions: 2 });
    const first = await begin('limit-1', 'TWICE');
    const second = await begin('limit-2', 'twice');
    const third = await begin('limit-3', 'TWICE');
    expect([first, second, third].map(({ status }) => status)).toEqual(['Accepted', 'Accepted', 'ConcurrentTx']);
    await end('limit-3', third.transactionId);
    await end('limit-1', first.transactionId);
    expect((await begin('limit-3', 'TWICE')).status).toBe('Accepted');
  });

  test('of none charges as often as it likes', async () => {
    await service.token('POOL', { maxTransactions: null });
    for (const connector of [1, 2, 3]) expect((await begin('limit-none', 'POOL', connector)).status).toBe('Accepted');
  });

  test('may still be asked about, and stops, while it is used up', async () => {
    await service.token('USED-UP');
    const { transactionId } = await begin('used-1', 'USED-UP');
    expect(await verdict('used-2', 'USED-UP')).toEqual({ status: 'Accepted' });
    const stop = { transactionId, idTag: 'USED-UP', meterStop: 1, timestamp: timestamp() };
    expect(await service.call('used-1', 'StopTransaction', stop)).toEqual({ idTagInfo: { status: 'Accepted' } });
  });
});

describe('a group', () => {
  test('with a limit has so many charges at once, whichever of its tokens they are of', async () => {
    await service.group('Vans', { maxTransactions: 2 });
    for (const token of ['VAN-1', 'VAN-2', 'VAN-3']) await service.token(token, { group: 'VANS', maxTransactions: null });
    await service.token('CAR-1', { group: 'cars' });
    const first = await begin('vans-1', 'VAN-1');
    expect(first.status).toBe('Accepted');
    expect((await begin('vans-2', 'VAN-2')).status).toBe('Accepted');
    expect((await begin('vans-3', 'CAR-1')).status).toBe('Accepted');
    expect((await begin('vans-4', 'VAN-3')).status).toBe('ConcurrentTx');
    await end('vans-4', (await service.transaction('vans-4')).number);
    await end('vans-1', first.transactionId);
    expect((await begin('vans-1', 'VAN-3')).status).toBe('Accepted');
  });

  test('does not count the charge that a start on the same connector follows', async () => {
    await service.group('Solo', { maxTransactions: 1 });
    await service.token('SOLO-1', { group: 'Solo' });
    await service.token('SOLO-2', { group: 'Solo' });
    expect((await begin('solo-1', 'SOLO-1')).status).toBe('Accepted');
    expect((await begin('solo-1', 'SOLO-2')).status).toBe('Accepted');
    expect((await begin('solo-2', 'SOLO-1')).status).toBe('ConcurrentTx');
  });

  test('that is blocked blocks its tokens until it is not', async () => {
    const [bus] = service.buses;
    await service.token('BUS-1', { group: 'Buses' });
    const group = { tenant: 'acme', group: 'BUSES', status: 'Blocked' as const, maxTransactions: null, note: 'unpaid' };
    expect(await bus.ask(putTokenGroup, {}, group)).toEqual({ created: true });
    expect(await verdict('buses', 'BUS-1')).toEqual({ status: 'Blocked', parentIdTag: 'Buses' });
    expect(await bus.ask(putTokenGroup, {}, { ...group, status: 'Accepted' })).toEqual({ created: false });
    expect(await verdict('buses', 'BUS-1')).toEqual({ status: 'Accepted', parentIdTag: 'Buses' });
    expect(await bus.ask(deleteTokenGroup, {}, { tenant: 'acme', group: 'buses' })).toEqual({ deleted: true });
    expect(await bus.ask(deleteTokenGroup, {}, { tenant: 'acme', group: 'buses' })).toEqual({ deleted: false });
  });
});

describe('tokens that come together', () => {
  const token = (value: string, more: object = {}) => ({ token: value, status: 'Accepted' as const, expiresAt: null, group: null, ...more });

  test('are stored as single ones are, and become what is given if they were there', async () => {
    const [bus] = service.buses;
    await bus.ask(putToken, {}, { tenant: 'acme', ...token('Mass-2', { note: 'gone afterwards', maxTransactions: 5 }) });
    const tokens = [token('mass-3', { scope: { stations: ['a', 'b'], prefixes: ['p'] }, maxTransactions: null, note: 'n' }), token('MASS-1', { group: 'Fleet', expiresAt: '2030-01-01T00:00:00+01:00' }), token('MASS-2')];
    expect(await bus.ask(importTokens, {}, { tenant: 'acme', tokens })).toEqual({ created: 2, updated: 1 });
    const rows = await service.database.prisma.token.findMany({ where: { key: { startsWith: 'mass-' } }, orderBy: { key: 'asc' } });
    expect(rows).toMatchObject([
      { value: 'MASS-1', group: 'Fleet', groupKey: 'fleet', expiresAt: new Date('2029-12-31T23:00:00Z'), stations: [], stationPrefixes: [], maxTransactions: 1 },
      { value: 'MASS-2', group: null, groupKey: null, maxTransactions: 1, note: null },
      { value: 'mass-3', stations: ['a', 'b'], stationPrefixes: ['p'], maxTransactions: null, note: 'n' },
    ]);
  });

  test('are refused together if two are the same', async () => {
    const [bus] = service.buses;
    await expect(bus.ask(importTokens, {}, { tenant: 'acme', tokens: [token('SAME'), token('OTHER'), token('same')] })).rejects.toMatchObject({ code: 'bad-value' });
    expect(await service.database.prisma.token.count({ where: { key: { in: ['same', 'other'] } } })).toBe(0);
  });

  test('may be stored by two at once', async () => {
    const [one, two] = service.buses;
    const tokens = Array.from({ length: 300 }, (_, n) => token(`RACE-${n}`));
    const outcomes = await Promise.all([one.ask(importTokens, {}, { tenant: 'acme', tokens }), two.ask(importTokens, {}, { tenant: 'acme', tokens: tokens.toReversed() })]);
    expect(outcomes.reduce((sum, { created }) => sum + created, 0)).toBe(300);
  });
});
