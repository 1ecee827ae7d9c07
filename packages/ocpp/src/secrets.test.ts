import { describe, expect, test } from '@jest/globals';
import { fateOfPassword, frameWithoutSecrets, mayHoldSecrets, newPasswordIn, replyWithoutSecrets, secretsIn, withoutQuotes, withoutSecrets } from './secrets.js';

const frame = (...content: unknown[]) => Buffer.from(JSON.stringify(content));
const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

describe('a new password', () => {
  test.each(['AuthorizationKey', 'authorizationkey', ' AUTHORIZATIONKEY '])('is found in a change of %s', (key) => {
    expect(newPasswordIn('ChangeConfiguration', { key, value: 'abc' })).toBe('abc');
  });

  test.each<[string, unknown]>([
    ['another key', { key: 'HeartbeatInterval', value: '300' }],
    ['a password for something else', { key: 'WifiPassword', value: 'abc' }],
    ['an empty one', { key: 'AuthorizationKey', value: '' }],
    ['one that is no text', { key: 'AuthorizationKey', value: 7 }],
    ['no value', { key: 'AuthorizationKey' }],
    ['no key', {}],
    ['no object', null],
  ])('is not found in %s', (_what, payload) => {
    expect(newPasswordIn('ChangeConfiguration', payload)).toBeUndefined();
  });

  test('is not found in another action', () => {
    expect(newPasswordIn('DataTransfer', { key: 'AuthorizationKey', value: 'abc' })).toBeUndefined();
  });

  test.each([
    ['Accepted', 'taken'],
    ['RebootRequired', 'later'],
    ['Rejected', 'refused'],
    ['NotSupported', 'refused'],
    [undefined, undefined],
  ])('whose change is answered with %s is %s', (status, fate) => {
    expect(fateOfPassword('ChangeConfiguration', { status })).toBe(fate);
  });

  const password = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
  const other = { component: { name: 'AlignedDataCtrlr' }, variable: { name: 'Interval' } };

  test('of 2.x is found among other variables, and so is what became of it', () => {
    const request = { setVariableData: [{ ...other, attributeValue: '900' }, { ...password, attributeValue: 'abc' }] };
    expect(newPasswordIn('SetVariables', request)).toBe('abc');
    expect(withoutSecrets('SetVariables', request)).toEqual({ setVariableData: [{ ...other, attributeValue: '900' }, { ...password, attributeValue: '***' }] });
    const fate = (...statuses: string[]) => fateOfPassword('SetVariables', { setVariableResult: [{ ...other, attributeStatus: statuses[0] }, { ...password, attributeStatus: statuses[1] }] });
    expect([fate('Rejected', 'Accepted'), fate('Accepted', 'Rejected'), fate('Accepted', 'RebootRequired')]).toEqual(['taken', 'refused', 'later']);
    expect(fateOfPassword('SetVariables', { setVariableResult: [{ ...other, attributeStatus: 'Accepted' }] })).toBeUndefined();
  });

  test.each([null, {}, { setVariableData: 7 }, { setVariableData: [null, 7, {}] }, { setVariableData: [{ ...password, attributeType: 'Target', attributeValue: 'abc' }] }])('of 2.x is not found in %j', (request) => {
    expect(newPasswordIn('SetVariables', request)).toBeUndefined();
  });
});

describe('where a file is', () => {
  test.each([
    ['ftp://ops:hunter2@files.example.com/in', 'ftp://ops:***@files.example.com/in'],
    ['sftp://ops:p@ss:word@files.example.com:22', 'sftp://ops:***@files.example.com:22'],
    ['https://:only@files.example.com/?a=b:c@d', 'https://:***@files.example.com/?a=b:c@d'],
    ['https://files.example.com/in?to=a:b@c', 'https://files.example.com/in?to=a:b@c'],
    ['ftp://ops@files.example.com/in', 'ftp://ops@files.example.com/in'],
    ['no location', 'no location'],
  ])('%s is kept without a password', (location, kept) => {
    expect(withoutSecrets('GetDiagnostics', { location, retries: 2 })).toEqual({ location: kept, retries: 2 });
    expect(withoutSecrets('UpdateFirmware', { location })).toEqual({ location: kept });
    expect(withoutSecrets('GetLog', { log: { remoteLocation: location } })).toEqual({ log: { remoteLocation: kept } });
    expect(withoutSecrets('SignedUpdateFirmware', { firmware: { location, signature: 's' } })).toEqual({ firmware: { location: kept, signature: 's' } });
  });

  test.each([null, 7, {}, { location: 7 }, { log: null }, { firmware: ['x'] }])('is not looked for in %j', (request) => {
    for (const action of ['GetDiagnostics', 'UpdateFirmware', 'GetLog', 'SignedUpdateFirmware']) expect(withoutSecrets(action, request)).toBe(request);
  });
});

describe('what is kept of', () => {
  test.each([
    ['a password', { key: 'AuthorizationKey', value: 'abc' }, { key: 'AuthorizationKey', value: '***' }],
    ['a password of another kind', { key: 'Wifi_Password', value: 'abc', more: 1 }, { key: 'Wifi_Password', value: '***', more: 1 }],
    ['a value of a wrong type', { key: 'AuthorizationKey', value: ['abc'] }, { key: 'AuthorizationKey', value: '***' }],
  ])('a change of %s has no value', (_what, payload, kept) => {
    expect(withoutSecrets('ChangeConfiguration', payload)).toEqual(kept);
  });

  test.each([{ key: 'HeartbeatInterval', value: '300' }, {}, null, 'text', ['AuthorizationKey']])('a change that holds no secret, %j, is the change itself', (payload) => {
    expect(withoutSecrets('ChangeConfiguration', payload)).toBe(payload);
  });

  const told = { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }, { key: 'AuthorizationKey', readonly: false, value: 'abc' }, { key: 'AuthorizationKey', readonly: true }] };
  const kept = { configurationKey: [told.configurationKey[0], { key: 'AuthorizationKey', readonly: false, value: '***' }, told.configurationKey[2]] };

  test('a configuration that echoes the password', () => {
    expect(replyWithoutSecrets('GetConfiguration', told)).toEqual(kept);
    expect(replyWithoutSecrets('GetConfiguration', { configurationKey: [told.configurationKey[0]] })).toEqual({ configurationKey: [told.configurationKey[0]] });
    for (const odd of [null, 7, {}, { configurationKey: {} }, { configurationKey: [null, 7] }]) expect(replyWithoutSecrets('GetConfiguration', odd)).toBe(odd);
  });

  test('frames is the same with the secrets blanked out, and everything else byte by byte', () => {
    expect(read(frameWithoutSecrets('ChangeConfiguration', frame(2, 'm-1', 'ChangeConfiguration', { key: 'AuthorizationKey', value: 'abc' })))).toEqual([2, 'm-1', 'ChangeConfiguration', { key: 'AuthorizationKey', value: '***' }]);
    expect(read(frameWithoutSecrets('GetConfiguration', frame(3, 'm-1', told)))).toEqual([3, 'm-1', kept]);
    for (const bytes of [Buffer.from('[2, "m-1", "ChangeConfiguration", {"key":"A","value":"b"} ]'), Buffer.from('not JSON'), Buffer.from('{}'), frame(4, 'm-1', 'InternalError', '', {})]) {
      expect(frameWithoutSecrets('ChangeConfiguration', bytes)).toBe(bytes);
    }
  });

  test('an answer that quotes the secret of its request', () => {
    const request = frame(2, 'm-1', 'ChangeConfiguration', { key: 'AuthorizationKey', value: 'a+b(c"d' });
    const error = frame(4, 'm-1', 'PropertyConstraintViolation', 'A+B(C"D is too short', { value: 'a+b(c"d', status: 'no', all: [{ of: 'it a+b(c"d' }] });
    expect(read(frameWithoutSecrets('ChangeConfiguration', error, request))).toEqual([4, 'm-1', 'PropertyConstraintViolation', '*** is too short', { value: '***', status: 'no', all: [{ of: 'it ***' }] }]);
    const harmless = frame(3, 'm-1', { status: 'Accepted' });
    expect(frameWithoutSecrets('ChangeConfiguration', harmless, request)).toBe(harmless);
    const ordinary = frame(2, 'm-1', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: 'Accepted' });
    expect(frameWithoutSecrets('ChangeConfiguration', harmless, ordinary)).toBe(harmless);
  });

  test('an answer to which nothing is a secret that stands in ordinary words', () => {
    expect(secretsIn('ChangeConfiguration', { key: 'AuthorizationKey', value: 'abc' })).toEqual([]);
    expect(secretsIn('ChangeConfiguration', { key: 'AuthorizationKey', value: ['abcd'] })).toEqual([]);
    expect(secretsIn('ChangeConfiguration', { key: 'Wifi_Password', value: 'abcd' })).toEqual(['abcd']);
    const answer = { status: 'Accepted' };
    expect(withoutQuotes(answer, [])).toBe(answer);
    expect(withoutQuotes(answer, ['abcd'])).toBe(answer);
  });

  test('an answer that nobody waited for, such as one that came too late', () => {
    expect(mayHoldSecrets('')).toBe(true);
    expect(read(frameWithoutSecrets('', frame(3, 'm-1', told)))).toEqual([3, 'm-1', kept]);
  });
});

test('the hot messages are not looked into', () => {
  expect(['Heartbeat', 'BootNotification', 'StatusNotification', 'MeterValues', 'StartTransaction', 'StopTransaction', 'Authorize'].filter(mayHoldSecrets)).toEqual([]);
});
