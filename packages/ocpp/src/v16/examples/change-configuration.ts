import { changeConfiguration as setKey } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { changeConfiguration } from '../change-configuration.js';

export const examples = sent(
  changeConfiguration,
  setKey,
  { 'one key': { input: { key: 'HeartbeatInterval', value: '300' }, request: { key: 'HeartbeatInterval', value: '300' } } },
  byStatus({ yes: ['Accepted', 'RebootRequired'], no: ['Rejected', 'NotSupported'] }),
);
