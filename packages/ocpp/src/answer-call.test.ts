import { describe, expect, test } from '@jest/globals';
import {
  authorize,
  Fault,
  faults,
  recordSamples,
  recordStatus,
  recordTransaction,
  tellTime,
  type FaultCode,
  type ProtocolVersion,
  type Quirks,
  type TransactionReport,
} from '@ohmnibus/domain';
import { answerCall, errorAnswer, Operations } from './answer-call.js';

const origin = (protocol: ProtocolVersion) => ({
  tenant: 'acme',
  station: 'ST.1',
  protocol,
  epoch: 4,
  frame: 2,
  receivedAt: new Date('2026-03-01T12:00:05Z'),
});

const accepting = new Operations()
  .serve(recordTransaction, () => ({ number: 12, authorization: { status: 'Accepted' } as const }))
  .serve(authorize, () => ({ status: 'Accepted' }));

/** The answer to a CALL whose payload is this JSON, or this value. */
function ask(protocol: ProtocolVersion, action: string, payload: unknown, operations = accepting) {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return answerCall({ origin: origin(protocol), action, payload: Buffer.from(json) }, operations);
}

const start = { connectorId: 1, idTag: '04A2B3C4D5', meterStart: 0, timestamp: '2026-03-01T12:00:00Z' };
const event = {
  eventType: 'Started',
  timestamp: '2026-03-01T12:00:00Z',
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId: 'tx-1' },
};
const token = { idToken: '04A2B3C4D5', type: 'ISO14443' };

test('a call is validated, translated, handed to its operation and answered', async () => {
  const reports: TransactionReport[] = [];
  const operations = new Operations().serve(recordTransaction, async (report) => {
    reports.push(report);
    return { number: 12, authorization: { status: 'Blocked' } as const };
  });
  expect(await ask('v16', 'StartTransaction', start, operations)).toEqual({
    kind: 'result',
    payload: '{"transactionId":12,"idTagInfo":{"status":"Blocked"}}',
  });
  expect(reports).toMatchObject([{ kind: 'started', origin: origin('v16'), token: { value: '04A2B3C4D5' } }]);
});

test('readings like those of before reach their operation as those did, and are mended for stations with quirks', async () => {
  const reports: unknown[] = [];
  const operations = new Operations().serve(recordSamples, (report) => {
    reports.push(JSON.parse(JSON.stringify(report)));
    return {};
  });
  const measure = (transactionId: number, value: string, quirks?: Quirks) => {
    const payload = { connectorId: 1, transactionId, meterValue: [{ timestamp: '2026-03-01T12:00:00Z', sampledValue: [{ value, unit: 'Wh' }, { value: '230.0', measurand: 'Voltage' }] }] };
    return answerCall({ origin: origin('v16'), action: 'MeterValues', payload: Buffer.from(JSON.stringify(payload)), quirks }, operations);
  };
  const reported = (number: number, value: number) => ({
    origin: { ...origin('v16'), receivedAt: '2026-03-01T12:00:05.000Z' },
    evse: { evse: 1, connector: 1 },
    transaction: { number },
    samples: [{ at: '2026-03-01T12:00:00.000Z', values: [{ value }, { value: 230, measurand: 'Voltage' }] }],
  });
  const answers = [await measure(7, '1500'), await measure(8, '1600.5'), await measure(9, '1.7', { energyFactors: { Wh: 1000 } })];
  expect(answers).toEqual(answers.map(() => ({ kind: 'result', payload: '{}' })));
  expect(reports).toEqual([reported(7, 1500), reported(8, 1600.5), reported(9, 1700)]);
});

describe('a payload that the standard forbids', () => {
  test.each<[string, ProtocolVersion, string, unknown, string, string]>([
    ['a missing field', 'v16', 'StartTransaction', { ...start, idTag: undefined }, 'OccurenceConstraintViolation', '/idTag'],
    ['a missing field', 'v201', 'TransactionEvent', { ...event, seqNo: undefined }, 'OccurrenceConstraintViolation', '/seqNo'],
    ['too few of a field', 'v201', 'TransactionEvent', { ...event, meterValue: [] }, 'OccurrenceConstraintViolation', '/meterValue'],
    [
      'too many of a field',
      'v201',
      'Authorize',
      { idToken: token, iso15118CertificateHashData: Array.from({ length: 5 }, () => ({})) },
      'OccurrenceConstraintViolation',
      '/iso15118CertificateHashData',
    ],
    ['a field that nobody knows', 'v16', 'StartTransaction', { ...start, extra: 1 }, 'FormationViolation', '/extra'],
    ['a field that nobody knows', 'v201', 'TransactionEvent', { ...event, extra: 1 }, 'FormatViolation', '/extra'],
    ['a field of the wrong type', 'v16', 'StartTransaction', { ...start, meterStart: '0' }, 'TypeConstraintViolation', '/meterStart'],
    ['a field of the wrong type', 'v201', 'TransactionEvent', { ...event, offline: 'no' }, 'TypeConstraintViolation', '/offline'],
    ['a fraction for an integer', 'v16', 'StartTransaction', { ...start, meterStart: 0.5 }, 'TypeConstraintViolation', '/meterStart'],
    [
      'a number that is infinite',
      'v16',
      'StartTransaction',
      JSON.stringify(start).replace('"meterStart":0', '"meterStart":1e999'),
      'TypeConstraintViolation',
      '/meterStart',
    ],
    ['null for a value', 'v16', 'StartTransaction', { ...start, reservationId: null }, 'TypeConstraintViolation', '/reservationId'],
    ['an array for an object', 'v16', 'StartTransaction', [], 'TypeConstraintViolation', ''],
    [
      'a word outside the list',
      'v16',
      'StatusNotification',
      { connectorId: 1, errorCode: 'NoError', status: 'Asleep' },
      'PropertyConstraintViolation',
      '/status',
    ],
    ['a word outside the list', 'v201', 'TransactionEvent', { ...event, eventType: 'Paused' }, 'PropertyConstraintViolation', '/eventType'],
    ['text that is too long', 'v16', 'StartTransaction', { ...start, idTag: 'x'.repeat(21) }, 'PropertyConstraintViolation', '/idTag'],
    [
      'text that is too long',
      'v201',
      'Authorize',
      { idToken: { ...token, idToken: 'x'.repeat(37) } },
      'PropertyConstraintViolation',
      '/idToken/idToken',
    ],
    ['a time that is none', 'v16', 'StartTransaction', { ...start, timestamp: 'yesterday' }, 'PropertyConstraintViolation', '/timestamp'],
    [
      'a month that is none',
      'v16',
      'StartTransaction',
      { ...start, timestamp: '2026-13-01T12:00:00Z' },
      'PropertyConstraintViolation',
      '/timestamp',
    ],
    [
      'a date without a time',
      'v201',
      'TransactionEvent',
      { ...event, timestamp: '2026-03-01' },
      'PropertyConstraintViolation',
      '/timestamp',
    ],
  ])('%s in %s %s', async (_name, version, action, payload, code, path) => {
    const mustNotRun = () => {
      throw new Error('the operation ran');
    };
    const operations = new Operations().serve(recordTransaction, mustNotRun).serve(authorize, mustNotRun).serve(recordStatus, mustNotRun);
    expect(await ask(version, action, payload, operations)).toEqual({
      kind: 'error',
      code,
      description: expect.stringContaining(path || 'the payload'),
      details: JSON.stringify({ path }),
    });
  });

  test.each<[string, string]>([
    ['no text at all', ''],
    ['an end that is missing', '{"idTag":"A"'],
    ['a second element', '{"idTag":"A"},{}'],
    ['a NUL byte', '{"idTag":"A\0"}'],
  ])('%s is not JSON', async (_name, payload) => {
    expect(await ask('v16', 'Authorize', payload)).toMatchObject({ code: 'FormationViolation', description: 'the payload is not JSON' });
    expect(await ask('v201', 'Authorize', payload)).toMatchObject({ code: 'FormatViolation' });
  });

  test.each<[string, string]>([
    ['a NUL character in a value', '{"idTag":"A\\u0000"}'],
    ['a NUL character in a name', '{"idTag":"A","\\u0000":1}'],
    ['a NUL character deep inside', '{"idTag":"A","x":[{"y":"\\u0000"}]}'],
    ['half a surrogate pair', '{"idTag":"\\ud83d"}'],
  ])('%s cannot be stored', async (_name, payload) => {
    expect(await ask('v16', 'Authorize', payload)).toEqual({
      kind: 'error',
      code: 'PropertyConstraintViolation',
      description: 'the payload contains a character that cannot be stored',
      details: '{}',
    });
  });

  test.each([['{"idTag":"\\u0041"}'], ['{"idTag":"\\\\u0000"}'], ['{"idTag":"\\ud83d\\udd0c"}']])('%s is fine', async (payload) => {
    expect(await ask('v16', 'Authorize', payload)).toMatchObject({ kind: 'result' });
  });
});

test.each([
  ['v16', { ...start, transactionId: 12, meterStop: 1, transactionData: [{ timestamp: start.timestamp, sampledValue: [{ value: '1', quality: 'good' }], extra: {} }] }],
  ['v15', { ...start, transactionId: 12, meterStop: 1, transactionData: [{ values: [{ timestamp: start.timestamp, value: [{ value: '1', quality: 'good' }] }], extra: {} }] }],
] as const)("in %s, a vendor's own fields inside a payload are ignored, and those beside its fields are not", async (protocol, payload) => {
  const { connectorId: _connector, meterStart: _register, ...stop } = payload;
  const reports: TransactionReport[] = [];
  const keeping = new Operations().serve(recordTransaction, (report) => {
    reports.push(report);
    return { number: 12, authorization: { status: 'Accepted' } as const };
  });
  expect(await ask(protocol, 'StopTransaction', stop, keeping)).toMatchObject({ kind: 'result' });
  expect(JSON.stringify(reports)).not.toMatch(/quality|extra/);
  expect(await ask(protocol, 'StopTransaction', { ...stop, extra: {} }, keeping)).toMatchObject({ code: 'FormationViolation' });
});

describe('a call that nobody serves', () => {
  test.each<[string, ProtocolVersion, string, string]>([
    ['no action of the version', 'v16', 'TransactionEvent', 'NotImplemented'],
    ['no action of the version', 'v201', 'StartTransaction', 'NotImplemented'],
    ['an action without a translation', 'v16', 'DiagnosticsStatusNotification', 'NotSupported'],
    ['an action that another service serves', 'v16', 'Heartbeat', 'NotSupported'],
    ['an action that is for stations', 'v16', 'Reset', 'NotSupported'],
  ])('%s: %s %s is %s', async (_name, version, action, code) => {
    expect(await ask(version, action, {})).toEqual({ kind: 'error', code, description: `${action} is not served`, details: '{}' });
  });
});

describe('an operation that fails', () => {
  const failing = (error: unknown) =>
    new Operations().serve(tellTime, () => {
      throw error;
    });

  test('with a fault is answered with what the fault says', async () => {
    const fault = new Fault('unavailable', 'the database is away', { retry: true });
    expect(await ask('v16', 'Heartbeat', {}, failing(fault))).toEqual({
      kind: 'error',
      code: 'InternalError',
      description: 'the database is away',
      details: '{"retry":true}',
    });
  });

  test.each([[new Error('password=hunter2')], ['password=hunter2'], [new Fault('internal', 'password=hunter2', { at: 'hunter2' })]])(
    'with a defect of ours (%p) tells nothing of it',
    async (error) => {
      expect(await ask('v16', 'Heartbeat', {}, failing(error))).toEqual({
        kind: 'error',
        code: 'InternalError',
        description: 'internal error',
        details: '{}',
      });
    },
  );
});

describe('the code of a fault', () => {
  const common = ['NotImplemented', 'NotSupported', 'InternalError', 'ProtocolError', 'SecurityError', 'PropertyConstraintViolation', 'TypeConstraintViolation', 'GenericError'];
  const of16 = [...common, 'FormationViolation', 'OccurenceConstraintViolation'];
  const legal = {
    v15: of16,
    v16: of16,
    v201: [...common, 'FormatViolation', 'OccurrenceConstraintViolation', 'MessageTypeNotSupported', 'RpcFrameworkError'],
  };
  const codes = Object.keys(faults) as FaultCode[];
  const versions = Object.keys(legal) as ProtocolVersion[];
  const said = (version: ProtocolVersion, code: FaultCode) => errorAnswer(version, { code, message: '' }).code;

  test.each(versions)('is one that %s has', (version) => {
    expect(codes.filter((code) => !legal[version].includes(said(version, code)))).toEqual([]);
  });

  test.each(versions)('in %s, sounds like a fault of ours exactly if it may pass', (version) => {
    const ours = codes.filter((code) => new Fault(code, '').transient);
    expect(ours.length).toBeGreaterThan(2);
    expect(codes.filter((code) => said(version, code) === 'InternalError')).toEqual(ours);
  });

  test.each(versions)('in %s, tells apart what is wrong with a payload, and what is not served', (version) => {
    const apart: FaultCode[] = ['unreadable', 'missing-field', 'wrong-type', 'bad-value', 'unknown-action', 'unsupported-action', 'forbidden', 'not-found', 'internal'];
    expect(new Set(apart.map((code) => said(version, code))).size).toBe(apart.length);
  });
});
