import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as ocpp16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as ocpp20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import { protocolVersions, startCharging, triggerMessage, updateFirmware, type Origin, type ProtocolVersion } from '@ohmnibus/domain';
import { messageFor, versions } from './catalogue.js';
import type { ReceivedExamples, SentExamples } from './examples.js';
import { schemas as ocpp15 } from './v15/schemas.js';

/** Every message is tested by its examples: what it means, what it is answered with, and that the official schema allows what we write. */
const examples: Record<ProtocolVersion, (ReceivedExamples | SentExamples)[]> = {
  v15: await load('v15'),
  v16: await load('v16'),
  v201: await load('v201'),
};

async function load(version: ProtocolVersion): Promise<(ReceivedExamples | SentExamples)[]> {
  const folder = new URL(`./${version}/examples/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => /^[a-z0-9-]+\.ts$/.test(file));
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<Record<string, ReceivedExamples | SentExamples>>),
  );
  return modules.flatMap((exports) => Object.values(exports));
}

const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
addFormats.default(ajv);

/** What the official schema says against a payload. */
function objections(version: ProtocolVersion, schema: string, payload: unknown): unknown {
  const validate = ajv.compile(({ v15: ocpp15, v16: ocpp16, v201: ocpp20 }[version] as unknown as Record<string, object>)[schema]!);
  return validate(payload) ? [] : validate.errors;
}

/** As the other side reads it. */
const onTheWire = (payload: object) => JSON.parse(JSON.stringify(payload)) as object;

describe.each(protocolVersions)('in %s', (version) => {
  const origin: Origin = {
    tenant: 'acme',
    station: 'ST.1',
    protocol: version,
    epoch: 4,
    frame: 2,
    receivedAt: new Date('2026-03-01T12:00:05Z'),
  };
  const receivedExamples = examples[version].filter((example) => 'received' in example);
  const sentExamples = examples[version].filter((example) => 'sent' in example);

  test('every served message has examples', () => {
    const actions = (messages: readonly { action: string }[]) => messages.map(({ action }) => action).toSorted();
    expect(actions(receivedExamples.map(({ message }) => message))).toEqual(actions(versions[version].fromStation));
    expect(actions(sentExamples.map(({ message }) => message))).toEqual(actions(versions[version].toStation));
    for (const example of receivedExamples) expect(Object.keys(example.received)).not.toEqual([]);
    for (const example of sentExamples) expect([Object.keys(example.sent), example.verdicts]).not.toContainEqual([]);
  });

  describe.each(receivedExamples.map((example) => [example.message.action, example] as const))(
    '%s from a station',
    (action, { message, operation, received }) => {
      test('is one of the served messages and runs its operation', () => {
        expect(versions[version].fromStation).toContain(message);
        expect(message.operation).toBe(operation);
      });

      test.each(Object.entries(received))('%s', (_name, { request, input, outcome, reply }) => {
        const valid = message.validate(onTheWire(request));
        expect(message.toInput(valid, origin)).toEqual({ ...input, origin });
        if (outcome === undefined) return;
        const written = onTheWire(message.toReply(outcome, valid));
        expect(written).toEqual(reply);
        expect(objections(version, `${action}Response`, written)).toEqual([]);
      });

      test('is answered at least once', () => {
        expect(Object.values(received).some(({ outcome, reply }) => outcome !== undefined && reply !== undefined)).toBe(true);
      });
    },
  );

  describe.each(sentExamples.map((example) => [example.message.action, example] as const))(
    '%s to a station',
    (action, { message, ask, sent, verdicts, findings }) => {
      test('is one of the served messages and carries its ask', () => {
        expect(versions[version].toStation).toContain(message);
        expect(message.ask).toBe(ask);
      });

      test.each(Object.entries(sent))('%s', (_name, { input, request }) => {
        expect(messageFor(version, ask, input)).toBe(message);
        const written = onTheWire(message.toRequest(input));
        expect(written).toEqual(request);
        expect(objections(version, `${action}Request`, written)).toEqual([]);
      });

      test.each(verdicts)('an answer %j means %j', (reply, verdict) => {
        expect(message.toVerdict(message.validateReply(onTheWire(reply)))).toEqual(verdict);
      });

      if (findings.length === 0) return;
      test.each(findings)('%j answered with %j tells %j', (request, reply, body) => {
        expect(message.toFinding?.(onTheWire(request), message.validateReply(onTheWire(reply)))?.body).toEqual(body);
      });
    },
  );
});

test('a token that is too long for a version is refused before it is sent', () => {
  const start = (version: ProtocolVersion, length: number) => {
    const message = versions[version].toStation.find(({ ask }) => ask.name === 'startCharging')!;
    return message.toRequest({ token: { value: 'A'.repeat(length) }, remoteStartId: 1 });
  };
  expect(start('v16', 20)).toMatchObject({ idTag: 'A'.repeat(20) });
  expect(() => start('v16', 21)).toThrow(expect.objectContaining({ code: 'bad-value', details: { path: '/idTag' } }));
  expect(start('v201', 36)).toMatchObject({ idToken: { idToken: 'A'.repeat(36) } });
  expect(() => start('v201', 37)).toThrow(expect.objectContaining({ code: 'bad-value', details: { path: '/idToken/idToken' } }));
});

test('a 1.5 station is not asked to obey a charging profile', () => {
  const profile = { id: 1, purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [] } as const;
  expect(messageFor('v15', startCharging, { token: { value: 'A' }, remoteStartId: 1, profile })).toBeUndefined();
  const byHand = { idTag: 'A', chargingProfile: {} };
  const start = messageFor('v15', startCharging, { token: { value: 'A' }, remoteStartId: 1 })!;
  expect(() => start.toFinding?.(byHand, { status: 'Accepted' })).toThrow(expect.objectContaining({ code: 'extra-field' }));
});

test('a 1.6 station is not asked to send a message that it cannot know', () => {
  const trigger = messageFor('v16', triggerMessage, { message: 'TransactionEvent' })!;
  expect(() => trigger.toRequest({ message: 'TransactionEvent' })).toThrow(expect.objectContaining({ code: 'bad-value' }));
});

test('a time to install firmware cannot be said to a 1.6 station without a signature', () => {
  const order = { requestId: 7, location: 'https://files.example.com/a', retrieveAt: new Date(), installAt: new Date() };
  expect(messageFor('v16', updateFirmware, order)).toBeUndefined();
});

test('a charging profile that a version has no words for is refused, not sent as another', () => {
  const install = versions.v16.toStation.find(({ ask }) => ask.name === 'installChargingProfile')!;
  const schedule = { unit: 'A', periods: [{ startPeriod: 0, limit: 16, numberPhases: 1 }] };
  const send = (...schedules: object[]) => () =>
    install.toRequest({ evse: 1, profile: { id: 1, purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules } });
  expect(send(schedule)).not.toThrow();
  expect(send(schedule, schedule)).toThrow(expect.objectContaining({ code: 'bad-value', details: { path: 'schedules' } }));
  expect(send({ ...schedule, periods: [{ ...schedule.periods[0], phaseToUse: 2 }] })).toThrow(expect.objectContaining({ code: 'bad-value', details: { path: 'phaseToUse' } }));
});
