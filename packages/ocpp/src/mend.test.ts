import { describe, expect, test } from '@jest/globals';
import { Fault, leniencies, type Leniency, type Origin, type Quirks } from '@ohmnibus/domain';
import { messageFromStation } from './catalogue.js';

const origin: Origin = { tenant: 'acme', station: 'CP', protocol: 'v16', epoch: 1, frame: 1, receivedAt: new Date('2026-03-01T12:00:00Z') };
const at = '2026-03-01T12:00:00Z';
const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };
const start = { connectorId: 1, idTag: 'A', meterStart: 10, timestamp: at };
const stop = { transactionId: 7, meterStop: 20, timestamp: at };
const readings = (...sampledValue: object[]) => ({ connectorId: 1, meterValue: [{ timestamp: at, sampledValue }] });
const boot = { chargePointVendor: 'V', chargePointModel: 'M' };

const mended: [leniency: Leniency, action: string, sent: object, taken: object][] = [
  ['extra-fields', 'StatusNotification', { ...status, colour: 'green' }, status],
  ['extra-fields', 'MeterValues', { ...readings({ value: '1' }), color: 'red' }, readings({ value: '1' })],
  ['long-text', 'BootNotification', { ...boot, chargePointModel: `${'x'.repeat(19)}\u{1F50C}y` }, { ...boot, chargePointModel: `${'x'.repeat(19)}\u{1F50C}` }],
  ['long-text', 'StatusNotification', { ...status, vendorErrorCode: 'i'.repeat(90) }, { ...status, vendorErrorCode: 'i'.repeat(50) }],
  ['other-words', 'StatusNotification', { ...status, status: 'suspended_ev' }, { ...status, status: 'SuspendedEV' }],
  ['other-words', 'StatusNotification', { ...status, status: 'Initializing' }, { ...status, status: 'Unavailable' }],
  ['other-words', 'StatusNotification', { ...status, errorCode: 'FanFailure' }, { ...status, errorCode: 'OtherError' }],
  ['other-words', 'StopTransaction', { ...stop, reason: 'SessionFull' }, { ...stop, reason: 'Other' }],
  ['other-words', 'MeterValues', readings({ value: '1', context: 'Periodic' }), readings({ value: '1' })],
  ['other-words', 'MeterValues', readings({ value: '1', measurand: 'energy.active.import.register' }), readings({ value: '1', measurand: 'Energy.Active.Import.Register' })],
  ['other-words', 'MeterValues', readings({ value: '1' }, { value: '2', measurand: 'CP.Duty' }), readings({ value: '1' })],
  ['numbers-as-text', 'StartTransaction', { ...start, connectorId: '1', meterStart: ' 10 ' }, start],
  ['text-as-numbers', 'MeterValues', readings({ value: 1.5 }), readings({ value: '1.5' })],
  ['text-as-numbers', 'StartTransaction', { ...start, idTag: 4711 }, { ...start, idTag: '4711' }],
  ['fractions', 'StartTransaction', { ...start, meterStart: 10.4 }, start],
  ['nulls', 'StatusNotification', { ...status, info: null, vendorId: null }, status],
];

describe('a payload that breaks its schema', () => {
  test.each(mended)('by %s is mended in %s: %j', (leniency, action, sent, taken) => {
    const { validate } = messageFromStation('v16', action)!;
    expect(validate(structuredClone(sent), [leniency])).toEqual(taken);
    expect(validate(structuredClone(sent), leniencies)).toEqual(taken);
    // Nothing but this leniency mends it, and without any it is refused.
    expect(() => validate(structuredClone(sent), leniencies.filter((other) => other !== leniency))).toThrow(Fault);
    expect(() => validate(structuredClone(sent))).toThrow(Fault);
  });

  test('every leniency has an example', () => {
    expect(new Set(mended.map(([leniency]) => leniency))).toEqual(new Set(leniencies));
  });

  test.each([
    ['a field that must be there', 'StatusNotification', { connectorId: 1, errorCode: 'NoError' }],
    ['a number that is none', 'StartTransaction', { ...start, meterStart: 'ten' }],
    ['a required field that is null', 'StartTransaction', { ...start, meterStart: null }],
    ['a time that is none', 'StartTransaction', { ...start, timestamp: 'yesterday' }],
    ['the only reading, of something that the standard does not know', 'MeterValues', readings({ value: '2', measurand: 'CP.Duty' })],
    ['a payload that is no object', 'Heartbeat', []],
  ])('by %s is refused whatever is accepted', (_what, action, sent) => {
    expect(() => messageFromStation('v16', action)!.validate(structuredClone(sent), leniencies)).toThrow(Fault);
  });
});

describe('units and registers', () => {
  const inputOf = (action: string, request: object, quirks?: Quirks) => messageFromStation('v16', action)!.toInput(request, origin, quirks) as { samples: { values: unknown[] }[] };
  const values = (request: object, quirks?: Quirks) => inputOf('MeterValues', request, quirks).samples.flatMap((sample) => sample.values);

  test('readings labelled Wh, or not at all, that are kWh are taken as such; others are left alone', () => {
    const sent = readings({ value: '12.3' }, { value: '12.3', unit: 'Wh' }, { value: '1', unit: 'kWh' }, { value: '7', measurand: 'Power.Active.Import', unit: 'W' });
    expect(values(sent, { energyFactors: { Wh: 1000 } })).toEqual([{ value: 12_300 }, { value: 12_300 }, { value: 1000 }, { value: 7, measurand: 'Power.Active.Import', unit: 'W' }]);
    expect(values(sent)[0]).toEqual({ value: 12.3 });
  });

  test('readings labelled kWh that are Wh are taken as such', () => {
    expect(values(readings({ value: '1234', unit: 'kWh' }), { energyFactors: { kWh: 0.001 } })).toEqual([{ value: 1234 }]);
  });

  test('the registers of starts and stops have a factor of their own', () => {
    const quirks: Quirks = { energyFactors: { register: 1000 } };
    expect(inputOf('StartTransaction', start, quirks).samples).toMatchObject([{ values: [{ value: 10_000 }] }]);
    expect(inputOf('StopTransaction', stop, quirks).samples).toMatchObject([{ values: [{ value: 20_000 }] }]);
  });

  test('a register that restarts with each transaction begins at zero, whatever the start says, and keeps its key', () => {
    const [quirky, plain] = [{ registerRestarts: true }, undefined].map((quirks) => inputOf('StartTransaction', start, quirks) as never as { samples: unknown[]; transaction: unknown });
    expect(quirky!.samples).toMatchObject([{ values: [{ value: 0 }] }]);
    expect(quirky!.transaction).toEqual(plain!.transaction);
    expect(inputOf('StopTransaction', stop, { registerRestarts: true }).samples).toMatchObject([{ values: [{ value: 20 }] }]);
  });

  test('hold for 1.5 and 2.0.1 as well', () => {
    const v15 = messageFromStation('v15', 'MeterValues')!.toInput({ connectorId: 1, values: [{ timestamp: at, value: [{ value: '2', unit: 'Wh' }] }] }, origin, { energyFactors: { Wh: 1000 } });
    expect(v15).toMatchObject({ samples: [{ values: [{ value: 2000 }] }] });
    const event = { eventType: 'Updated', timestamp: at, triggerReason: 'MeterValuePeriodic', seqNo: 1, transactionInfo: { transactionId: 't' }, meterValue: [{ timestamp: at, sampledValue: [{ value: 2 }] }] };
    expect(messageFromStation('v201', 'TransactionEvent')!.toInput(event, origin, { energyFactors: { Wh: 1000 } })).toMatchObject({ samples: [{ values: [{ value: 2000 }] }] });
  });
});
