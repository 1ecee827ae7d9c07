import { expect, test } from '@jest/globals';
import { configurationChanged, configurationRead } from '@ohmnibus/domain';
import { changeConfiguration } from './change-configuration.js';
import { getConfiguration } from './get-configuration.js';

const interval = { key: 'HeartbeatInterval', readonly: false, value: '300' };

test('an answer to GetConfiguration tells the keys, and all there are if none was named', () => {
  const variables = [{ variable: 'HeartbeatInterval', readonly: false, value: '300' }];
  expect(getConfiguration.toFinding?.({}, { configurationKey: [interval] })).toEqual({ finding: configurationRead, body: { variables, unknown: [], whole: true } });
  expect(getConfiguration.toFinding?.({ key: ['HeartbeatInterval', 'Nonsense'] }, { configurationKey: [interval], unknownKey: ['Nonsense'] })).toEqual({
    finding: configurationRead,
    body: { variables, unknown: [{ variable: 'Nonsense' }], whole: false },
  });
});

test('an answer without keys, as is made of one that breaks its schema, tells nothing', () => {
  expect(getConfiguration.toFinding?.({}, {})).toBeUndefined();
});

test.each([
  ['Accepted', 'now'],
  ['RebootRequired', 'after-restart'],
  ['NotSupported', 'not-known'],
])('%s to ChangeConfiguration means %s', (status, effect) => {
  const variable = { variable: 'HeartbeatInterval', value: '300' };
  expect(changeConfiguration.toFinding?.({ key: 'HeartbeatInterval', value: '300' }, { status })).toEqual({ finding: configurationChanged, body: { variable, effect } });
});

test('a mere refusal tells nothing', () => {
  expect(changeConfiguration.toFinding?.({ key: 'HeartbeatInterval', value: '300' }, { status: 'Rejected' })).toBeUndefined();
});
