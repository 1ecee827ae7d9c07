import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeExchange, Writer } from '@ohmnibus/contracts';
import { Presence } from '@ohmnibus/presence';
import type { Payload } from '@ohmnibus/simulator';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import pg from 'pg';
import { brokenPromises } from './invariants.js';
import type { Ledger } from './invariants/ledger.js';
import { unloggedFrames } from './invariants/logged-frames.js';
import { ownershipDifferences } from './invariants/ownership.js';

let kit: Testkit;
let database: pg.Client;
let presence: Presence;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres', 'redis'] });
  presence = await Presence.connect({ url: kit.redisUrl });
  database = new pg.Client(kit.databaseUrl);
  await database.connect();
});
afterAll(async () => {
  await Promise.all([presence.close(), database.end()]);
  await kit.close();
});

const at = '2026-01-01T10:00:00.000Z';
const later = '2026-01-01T10:05:00.000Z';
const end = '2026-01-01T10:10:00.000Z';
const value = (wh: number) => ({ value: String(wh) });
const meterValue = [{ timestamp: later, sampledValue: [value(1_500)] }];
const start: Payload = { connectorId: 1, idTag: 'TAG', meterStart: 1_000, timestamp: at };
const fact = (action: string, payload: Payload, result: Payload = {}) => ({ action, payload, result });

/** A whole 1.6 charge and the first and last event of a 2.0.1 charge, acknowledged. */
const ledgers: Ledger[] = [
  {
    station: 'OLD',
    facts: [
      fact('StartTransaction', start, { transactionId: 1 }),
      fact('MeterValues', { connectorId: 1, transactionId: 1, meterValue }),
      fact('StopTransaction', { transactionId: 1, meterStop: 2_000, timestamp: end }),
      // Readings outside transactions, and of one that nobody knows.
      fact('MeterValues', { connectorId: 0, meterValue }),
      fact('MeterValues', { connectorId: 2, transactionId: 99, meterValue }),
      fact('StopTransaction', { transactionId: 98, meterStop: 5, timestamp: end }),
    ],
  },
  {
    station: 'NEW',
    facts: [
      fact('TransactionEvent', { eventType: 'Started', seqNo: 0, timestamp: at, transactionInfo: { transactionId: 'tx' } }),
      fact('TransactionEvent', { eventType: 'Ended', seqNo: 1, timestamp: end, transactionInfo: { transactionId: 'tx' }, meterValue }),
    ],
  },
];

const samples = (time: string, wh: number) => `'[{"at":"${time}","values":[{"value":${wh}}]}]'`;

function loggedHeartbeat(): string {
  const writer = new Writer();
  const frames = { request: '[2,"a","Heartbeat",{}]', answer: '[3,"a",{}]' };
  writeExchange(writer, { direction: 'from-station', frame: 1, at: new Date(), latencyMs: 0, messageId: 'a', action: 'Heartbeat', ...frames });
  return writer.written.toString('hex');
}

/** The database as it should be after that; the unique indexes are gone, so that a test can break what they protect. */
const sound = `
  TRUNCATE station, transaction, transaction_event, sample, quarantine, message_log;
  INSERT INTO transaction (number, tenant, station, key, wire_id, protocol, evse, token, token_key, started_at, start_wh, ended_at, end_kind, end_wh, last_sequence) VALUES
    (1, 't', 'OLD', 'k', '1', 'v16', 1, 'TAG', 'tag', '${at}', 1000, '${end}', 'reported', 2000, NULL),
    (2, 't', 'NEW', 'tx', 'tx', 'v201', NULL, NULL, NULL, '${at}', NULL, '${end}', 'reported', NULL, 1);
  INSERT INTO transaction_event (tenant, station, key, sequence, kind, at, received_at) VALUES
    ('t', 'NEW', 'tx', 0, 'started', '${at}', now()), ('t', 'NEW', 'tx', 1, 'ended', '${end}', now());
  INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples) VALUES
    ('t', 'OLD', '${at}', 1, 1, 1, now(), 1000, ${samples(at, 1000)}),
    ('t', 'OLD', '${later}', 1, 1, 2, now(), 1500, ${samples(later, 1500)}),
    ('t', 'OLD', '${end}', 1, 1, 3, now(), 2000, ${samples(end, 2000)}),
    ('t', 'OLD', '${later}', 0, 0, 4, now(), 1500, ${samples(later, 1500)}),
    ('t', 'OLD', '${later}', 2, 0, 5, now(), 1500, ${samples(later, 1500)}),
    ('t', 'NEW', '${later}', 0, 2, 1, now(), 1500, ${samples(later, 1500)});
  INSERT INTO quarantine (tenant, station, protocol, operation, reason, report, received_at, epoch, frame) VALUES
    ('t', 'OLD', 'v16', 'recordSamples', 'unknown', '{"evse":{"evse":2},"transaction":{"number":99},"samples":${samples(later, 1500).replaceAll("'", '')}}', now(), 1, 5),
    ('t', 'OLD', 'v16', 'recordTransaction', 'unknown', '{"kind":"ended","at":"${end}","transaction":{"number":98}}', now(), 1, 6);
  INSERT INTO message_log (tenant, station, ended_at, epoch, direction, frame, protocol, began_at, count, exchanges)
    VALUES ('t', 'OLD', now(), 1, 0, 1, 'v16', now(), 1, '\\x${loggedHeartbeat()}');`;

const unprotected = ['transaction_pkey', 'transaction_event_pkey', 'sample_pkey'].map(
  (name) => `ALTER TABLE ${name.replace('_pkey', '')} DROP CONSTRAINT ${name}`,
);
beforeAll(async () => {
  for (const statement of [...unprotected, 'DROP INDEX transaction_tenant_station_key_key']) await database.query(statement);
});
beforeEach(() => database.query(sound));

describe('what was promised', () => {
  test('holds in a sound database', async () => {
    expect(await brokenPromises(ledgers, database)).toEqual([]);
  });

  test.each([
    ['a start', 'DELETE FROM transaction WHERE number = 1', 'that StartTransaction'],
    ['a start that is another', `UPDATE transaction SET start_wh = 999 WHERE number = 1`, 'that StartTransaction'],
    ['the reading of a start', `DELETE FROM sample WHERE digest = 1 AND station = 'OLD'`, 'that StartTransaction'],
    ['a reading', 'DELETE FROM sample WHERE digest = 2', 'that MeterValues'],
    ['a part of a reading', `UPDATE sample SET samples = '[]' WHERE digest = 2`, 'that MeterValues'],
    ['a reading outside transactions', 'DELETE FROM sample WHERE digest = 4', 'that MeterValues'],
    ['a reading of an unknown transaction', `DELETE FROM quarantine WHERE operation = 'recordSamples'`, 'that MeterValues'],
    ['a stop', `UPDATE transaction SET end_kind = 'inferred' WHERE number = 1`, 'that StopTransaction'],
    ['the time of a stop', `UPDATE transaction SET ended_at = '${later}' WHERE number = 1`, 'that StopTransaction'],
    ['a stop of an unknown transaction', `DELETE FROM quarantine WHERE operation = 'recordTransaction'`, 'that StopTransaction'],
    ['an event', 'DELETE FROM transaction_event WHERE sequence = 0', 'that TransactionEvent'],
    ['the end that an event tells', `UPDATE transaction SET ended_at = NULL, end_kind = NULL WHERE number = 2`, 'that TransactionEvent'],
    ['the reading of an event', `DELETE FROM sample WHERE station = 'NEW'`, 'that TransactionEvent'],
  ])('is broken without %s', async (_name, violation, complaint) => {
    await database.query(violation);
    expect((await brokenPromises(ledgers, database)).filter((line) => line.startsWith('lost'))).toContainEqual(expect.stringContaining(complaint));
  });

  test('is broken by two numbers for one start', async () => {
    await database.query(`INSERT INTO transaction SELECT (jsonb_populate_record(t, '{"number":7,"key":"other"}')).* FROM transaction t WHERE number = 1`);
    await database.query('INSERT INTO sample SELECT (jsonb_populate_record(s, \'{"transaction":7}\')).* FROM sample s WHERE digest = 1 AND transaction = 1');
    const twice = [...ledgers, { station: 'OLD', facts: [fact('StartTransaction', start, { transactionId: 7 })] }];
    const both = [{ station: 'OLD', facts: twice.flatMap(({ station, facts }) => (station === 'OLD' ? facts : [])) }];
    const broken = await brokenPromises(both, database);
    expect(broken).toContainEqual(expect.stringContaining('twice: OLD got the numbers 1, 7'));
    expect(broken).toContainEqual(expect.stringContaining('broken: one start is one transaction'));
  });
});

test.each([
  ['a transaction has a positive number of its own', 'INSERT INTO transaction SELECT * FROM transaction WHERE number = 1'],
  ['a transaction has a positive number of its own', 'UPDATE transaction SET number = 0 WHERE number = 1'],
  ['a station names each of its transactions once', 'INSERT INTO transaction SELECT * FROM transaction WHERE number = 1'],
  ['an event is stored once', 'INSERT INTO transaction_event SELECT * FROM transaction_event WHERE sequence = 0'],
  ['a reading is stored once', `INSERT INTO sample SELECT (jsonb_populate_record(s, '{"transaction":0}')).* FROM sample s WHERE digest = 2`],
  ['a reading is stored once', `INSERT INTO sample SELECT (jsonb_populate_record(s, '{"digest":9}')).* FROM sample s WHERE digest = 2`],
  ['the transaction of a reading is there', 'UPDATE sample SET transaction = 5 WHERE digest = 2'],
  ['the transaction of a reading is there', 'UPDATE sample SET transaction = 2 WHERE digest = 2'],
  ['the transaction of a reading is there', 'UPDATE sample SET evse = 2 WHERE digest = 2'],
  ['the transaction of an event is there', `UPDATE transaction_event SET key = 'other'`],
  ['a transaction knows its last event', 'UPDATE transaction SET last_sequence = 0 WHERE number = 2'],
  ['a transaction knows its last event', `UPDATE transaction SET end_kind = 'inferred' WHERE number = 2`],
  ['a transaction that has ended says how', 'UPDATE transaction SET end_kind = NULL WHERE number = 1'],
])('it is noticed unless %s', async (rule, violation) => {
  await database.query(violation);
  expect(await brokenPromises([], database)).toContainEqual(expect.stringContaining(`broken: ${rule}`));
});

describe('the message log', () => {
  const sent = (text: string) => ({ direction: 'sent' as const, text });
  const received = (text: string) => ({ direction: 'received' as const, text });

  test('has what was received, and what was sent and answered', async () => {
    const frames = [sent('[2,"a","Heartbeat",{}]'), received('[3,"a",{}]'), sent('[2,"b","Heartbeat",{}]')];
    expect(await unloggedFrames([{ station: 'OLD', frames }], database)).toEqual([]);
  });

  test.each([
    ['was received', [received('[3,"b",{}]')]],
    ['was sent and answered', [sent('[2,"c","Heartbeat",{}]'), received('[3,"c",{}]')]],
    ['was seen twice and is there once', [received('[3,"a",{}]'), received('[3,"a",{}]')]],
  ])('lacks what %s', async (_name, frames) => {
    expect(await unloggedFrames([{ station: 'OLD', frames }], database)).toContain(`unlogged: OLD ${frames[0]!.text}`);
  });
});

describe('ownership', () => {
  const differences = (openSockets: [string, number][]) => ownershipDifferences({ database, presence, openSockets: new Map(openSockets) });
  let epoch = 0;

  beforeEach(async () => {
    await presence.refreshLiveness('pod', 60_000);
    const socket = { tenant: 't', station: 'OLD', pod: 'pod', connection: 1, acceptedAt: presence.now() };
    const claim = await presence.claim(socket, { protocol: 'v16', remoteAddress: '::1', since: 1 });
    if (claim.kind !== 'owned') throw new Error('the claim was refused');
    epoch = claim.epoch;
    await database.query(`INSERT INTO station (tenant, id, online, epoch, pod) VALUES ('t', 'OLD', true, ${epoch}, 'pod'), ('t', 'NEW', false, 0, NULL)`);
  });

  test('agrees with the sockets and with the database', async () => {
    expect(await differences([['pod', 1], ['other', 0]])).toEqual([]);
  });

  test.each<[string, [string, number][], string]>([
    ['a socket that owns nothing', [['pod', 1], ['other', 1]], 'ownership: other holds 1 sockets and owns 0'],
    ['an owner without a socket', [['pod', 0]], 'ownership: pod holds 0 sockets and owns 1'],
    ['an owner on a pod that is gone', [], 'ownership: pod holds 0 sockets and owns 1'],
  ])('differs by %s', async (_name, sockets, complaint) => {
    expect(await differences(sockets)).toContainEqual(expect.stringContaining(complaint));
  });

  test('differs by a pod that lives no more', async () => {
    await presence.endLiveness('pod');
    expect(await differences([['pod', 1]])).toContain('ownership: pod owns 1 stations and lives no more');
  });

  test.each([
    ['a station stored as offline that is online', `online = false`],
    ['an older epoch', 'epoch = 1'],
    ['another pod', `pod = 'other'`],
  ])('differs by %s', async (_name, change) => {
    await database.query(`UPDATE station SET ${change} WHERE id = 'OLD'`);
    expect(await differences([['pod', 1]])).toEqual([expect.stringContaining('online: OLD is stored as ')]);
  });

  test('differs by a station stored as online that is offline', async () => {
    await database.query(`UPDATE station SET online = true, epoch = 5, pod = 'pod' WHERE id = 'NEW'`);
    expect(await differences([['pod', 1]])).toEqual(['online: NEW is stored as online at pod with epoch 5 and is offline']);
  });
});
