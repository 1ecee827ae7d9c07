import { readConfiguration } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { getConfiguration } from '../get-configuration.js';

const answered = { accepted: true, status: 'Accepted' };

export const examples = sent(
  getConfiguration,
  readConfiguration,
  {
    'all keys': { input: {}, request: {} },
    'some keys': {
      input: { keys: ['HeartbeatInterval', 'MeterValueSampleInterval'] },
      request: { key: ['HeartbeatInterval', 'MeterValueSampleInterval'] },
    },
  },
  [
    [{}, answered],
    [{ configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: ['Nonsense'] }, answered],
  ],
);
