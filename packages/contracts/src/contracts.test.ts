import { describe, expect, test } from '@jest/globals';
import type { ZodObject, ZodType } from 'zod';
import * as contracts from './index.js';
import {
  commandAnswer,
  commandResult,
  deleteStation,
  importTokens,
  putStation,
  putToken,
  putTokenGroup,
  sendCommand,
  startCommand,
  stationChanged,
  stopCommand,
  syncLocalListCommand,
  updateFirmwareCommand,
  uploadLogCommand,
} from './index.js';

type Table = [what: string, schema: ZodType, value: unknown][];

const station = { tenant: 'acme', station: 'CP-1' };
const send = { station: 'CP-1', action: 'Reset', payload: { type: 'Soft' } };
const token = { tenant: 'acme', token: 'TAG', status: 'Accepted', expiresAt: null, group: null };
const group = { tenant: 'acme', group: 'fleet', status: 'Accepted', maxTransactions: null, note: null };

const good: Table = [
  ['a station with a password', putStation.question, { ...station, password: 'a'.repeat(8) }],
  ['the longest password', putStation.question, { ...station, password: 'a'.repeat(40) }],
  ['a station without a password', putStation.question, station],
  ['a password taken away', putStation.question, { ...station, password: null }],
  ['the longest id', putStation.question, { ...station, station: 'x'.repeat(48) }],
  ['an id of odd characters', putStation.question, { ...station, station: 'Säule *.> #1' }],
  ['the deletion of an id that could not be made today', deleteStation.question, { tenant: 'acme', station: 'with:colon' }],
  ['a token', putToken.question, token],
  ['a token of a group that ends', putToken.question, { ...token, expiresAt: '2026-11-22T12:00:00+01:00', group: 'fleet' }],
  ['the longest token', putToken.question, { ...token, token: 'x'.repeat(36) }],
  ['a token of a place, without a limit', putToken.question, { ...token, scope: { prefixes: ['DEPOT-'] }, maxTransactions: null, note: 'x' }],
  ['many tokens', importTokens.question, { tenant: 'acme', tokens: [token] }],
  ['a group with a limit', putTokenGroup.question, { ...group, maxTransactions: 3 }],
  ['a command', sendCommand.question, send],
  ['a command with everything', sendCommand.question, { ...send, tenant: 'acme', timeoutSeconds: 600, idempotencyKey: 'k', requestedBy: 'billing' }],
  ['a start anywhere', startCommand.question, { station: 'CP-1', token: 'TAG' }],
  ['a start at an EVSE', startCommand.question, { station: 'CP-1', token: 'TAG', tokenKind: 'eMAID', evse: 1 }],
  ['a stop by number', stopCommand.question, { station: 'CP-1', transaction: '17' }],
  ['an update to an image of ours', updateFirmwareCommand.question, { station: 'CP-1', image: 'wallbox-2.1_b.bin' }],
  ['a signed update', updateFirmwareCommand.question, { station: 'CP-1', location: 'ftp://a/b', signature: 'c2ln', signingCertificate: 'PEM' }],
  ['a log to our file endpoint', uploadLogCommand.question, { station: 'CP-1' }],
  ['a log of a time', uploadLogCommand.question, { station: 'CP-1', log: 'security', from: '2026-11-22T12:00:00+01:00', location: 'https://a/b' }],
  ['a synchronisation', syncLocalListCommand.question, { station: 'CP-1' }],
  ['a synchronisation with limits', syncLocalListCommand.question, { station: 'CP-1', update: 'full', perMessage: 1, capacity: 0 }],
  ['a result', commandResult, { type: 'CALLRESULT', payload: { status: 'Accepted' } }],
  ['no result', commandResult, { type: 'none', reason: 'offline' }],
  ['an answer', commandAnswer, { id: '1', state: 'accepted', result: { type: 'CALLERROR', code: 'X', description: '', details: {} } }],
  ['a change of credentials', stationChanged.event, { ...station, change: 'credentials' }],
];

const bad: Table = [
  ['an empty station id', putStation.question, { ...station, station: '' }],
  ['a station id that is too long', putStation.question, { ...station, station: 'x'.repeat(49) }],
  ['a station id with a colon, which ends the name in credentials', putStation.question, { ...station, station: 'a:b' }],
  ['a station id with a line break', putStation.question, { ...station, station: 'a\nb' }],
  ['a station id with a NUL', putStation.question, { ...station, station: 'a\u0000b' }],
  ['a password that is too short', putStation.question, { ...station, password: 'a'.repeat(7) }],
  ['a password that is too long', putStation.question, { ...station, password: 'a'.repeat(41) }],
  ['a station of nobody', putStation.question, { station: 'CP-1' }],
  ['a token that is too long', putToken.question, { ...token, token: 'x'.repeat(37) }],
  ['a token with a status of no catalogue', putToken.question, { ...token, status: 'Fine' }],
  ['an end without a zone', putToken.question, { ...token, expiresAt: '2026-11-22T12:00:00' }],
  ['an end that is no date', putToken.question, { ...token, expiresAt: '2026-02-30T12:00:00Z' }],
  ['a token of no place', putToken.question, { ...token, scope: { stations: [], prefixes: [] } }],
  ['a token that may never charge', putToken.question, { ...token, maxTransactions: 0 }],
  ['a note with a NUL', putToken.question, { ...token, note: '\u0000' }],
  ['a group with half a limit', putTokenGroup.question, { ...group, maxTransactions: 1.5 }],
  ['an action that is no word', sendCommand.question, { ...send, action: 'Re set' }],
  ['an action that is too long', sendCommand.question, { ...send, action: 'A'.repeat(65) }],
  ['a payload that is no object', sendCommand.question, { ...send, payload: [1] }],
  ['a command without a station', sendCommand.question, { action: 'Reset', payload: {} }],
  ['a command that may take no time', sendCommand.question, { ...send, timeoutSeconds: 0 }],
  ['a command that may take for ever', sendCommand.question, { ...send, timeoutSeconds: 601 }],
  ['an empty idempotency key', sendCommand.question, { ...send, idempotencyKey: '' }],
  ['a start without a token', startCommand.question, { station: 'CP-1' }],
  ['a start at EVSE 0', startCommand.question, { station: 'CP-1', token: 'TAG', evse: 0 }],
  ['a start at half an EVSE', startCommand.question, { station: 'CP-1', token: 'TAG', evse: 1.5 }],
  ['a stop of nothing', stopCommand.question, { station: 'CP-1', transaction: '' }],
  ['a transaction named by a number and not by text', stopCommand.question, { station: 'CP-1', transaction: 17 }],
  ['an update from nowhere', updateFirmwareCommand.question, { station: 'CP-1' }],
  ['an update from two places', updateFirmwareCommand.question, { station: 'CP-1', image: 'a', location: 'https://a/b' }],
  ['an image that would leave its folder', updateFirmwareCommand.question, { station: 'CP-1', image: '../a' }],
  ['a signature without its certificate', updateFirmwareCommand.question, { station: 'CP-1', image: 'a', signature: 'c2ln' }],
  ['a log of no kind', uploadLogCommand.question, { station: 'CP-1', log: 'everything' }],
  ['a log to a place of no protocol', uploadLogCommand.question, { station: 'CP-1', location: 'file:///etc' }],
  ['a synchronisation of no lines at a time', syncLocalListCommand.question, { station: 'CP-1', perMessage: 0 }],
  ['a synchronisation of no kind', syncLocalListCommand.question, { station: 'CP-1', update: 'differential' }],
  ['an answer with a state of no catalogue', commandAnswer, { id: '1', state: 'maybe', result: { type: 'none', reason: 'offline' } }],
  ['a change of no catalogue', stationChanged.event, { ...station, change: 'moved' }],
];

describe('a contract', () => {
  test.each(good)('takes %s', (_what, schema, value) => {
    expect(schema.safeParse(value).error).toBeUndefined();
  });

  test.each(bad)('refuses %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  test('fills in what a command may leave out', () => {
    expect(sendCommand.question.parse(send)).toEqual({ ...send, tenant: 'default', timeoutSeconds: 30 });
  });
});

describe('the subjects of all contracts', () => {
  const all = Object.values(contracts as Record<string, unknown>).filter(
    (value): value is { kind: string; subject: string; timeoutMs?: number } => typeof value === 'object' && value !== null && 'kind' in value && 'subject' in value,
  );

  test('are each of one contract', () => {
    const subjects = all.map(({ subject }) => subject);
    expect(subjects.length).toBeGreaterThan(12);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test('do not overlap once their tokens are left open: no server hears another’s questions', () => {
    const patterns = all.map(({ subject }) => subject.replace(/\{\w+\}/g, '*').split('.'));
    const overlaps = patterns.flatMap((a, i) =>
      patterns.slice(i + 1).filter((b) => a.length === b.length && a.every((token_, at) => token_ === b[at] || token_ === '*' || b[at] === '*')),
    );
    expect(overlaps).toEqual([]);
  });

  test('have tokens that stand alone between dots', () => {
    for (const { subject } of all) for (const part of subject.split('.')) expect(part).toMatch(/^(\{\w+\}|[a-z][a-z-]*)$/);
  });
});

test('every order to a station can ask to be answered only when its commands can be read', () => {
  const isOrder = (contract: unknown): contract is { subject: string; question: ZodObject } => String((contract as { subject?: unknown } | null)?.subject).startsWith('csms.command.');
  const orders = Object.values(contracts as Record<string, unknown>).filter(isOrder);
  expect(orders.length).toBeGreaterThan(20);
  expect(orders.filter(({ question }) => !('stored' in question.shape)).map(({ subject }) => subject)).toEqual([]);
});
