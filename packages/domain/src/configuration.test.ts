import { expect, test } from '@jest/globals';
import { configurationKey, differenceOf, isSecret } from './configuration.js';

test.each([
  [{ variable: 'HeartbeatInterval' }, 'heartbeatinterval'],
  [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval' }, 'ocppcommctrlr/heartbeatinterval'],
  [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', attribute: 'Actual' }, 'ocppcommctrlr/heartbeatinterval'],
  [{ component: 'Connector@1.1', variable: 'Available', attribute: 'MaxSet' }, 'connector@1.1/available#maxset'],
])('%j is known as %s', (variable, key) => {
  expect(configurationKey(variable)).toBe(key);
});

test.each([
  ['AuthorizationKey', true],
  ['authorizationkey', true],
  ['BasicAuthPassword', true],
  ['Wifi_Pass-Phrase', true],
  ['HeartbeatInterval', false],
  ['AuthorizeRemoteTxRequests', false],
])('%s is a secret: %s', (variable, expected) => {
  expect(isSecret({ variable })).toBe(expected);
});

const stored = (value: string | null, pendingValue: string | null = null, known = true) => ({ key: 'k', known, value, pendingValue });

test.each([
  ['300', stored('300'), undefined],
  ['300', stored('0300'), undefined],
  ['TRUE', stored('true'), undefined],
  ['A,B', stored('A, B'), undefined],
  ['a', stored('A'), 'differs'],
  ['300', stored('60'), 'differs'],
  ['300', stored(null), 'differs'],
  ['300', stored('60', '300'), 'pending'],
  ['300', stored('60', '100'), 'differs'],
  ['300', stored(null, null, false), 'not-known'],
  ['300', undefined, 'not-read'],
] as const)('%s is wanted of %j: %s', (value, actual, difference) => {
  expect(differenceOf({ variable: 'HeartbeatInterval', value }, actual)).toBe(difference);
});

test('a secret cannot be compared', () => {
  expect(differenceOf({ variable: 'AuthorizationKey', value: 'x' }, stored(null))).toBeUndefined();
});
