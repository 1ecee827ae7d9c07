import { changeConfiguration as setKey, changePassword as setPassword, raiseSecurityProfile as raiseProfile } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { changeConfiguration, changePassword, raiseSecurityProfile } from '../change-configuration.js';

const verdicts = byStatus({ yes: ['Accepted', 'RebootRequired'], no: ['Rejected', 'NotSupported'] });

export const examples = sent(
  changeConfiguration,
  setKey,
  { 'one key': { input: { key: 'HeartbeatInterval', value: '300' }, request: { key: 'HeartbeatInterval', value: '300' } } },
  verdicts,
);

const key = '0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF';

export const ofPasswords = sent(
  changePassword,
  setPassword,
  {
    'a binary key': { input: { password: key }, request: { key: 'AuthorizationKey', value: key } },
    'a text of 16 bytes': { input: { password: 'sixteen letters!' }, request: { key: 'AuthorizationKey', value: '7369787465656e206c65747465727321' } },
    'a text beyond ASCII': { input: { password: 'Schlüssel: 20 Bytes' }, request: { key: 'AuthorizationKey', value: '5363686cc3bc7373656c3a203230204279746573' } },
  },
  verdicts,
);

export const ofProfiles = sent(
  raiseSecurityProfile,
  raiseProfile,
  { 'to TLS': { input: { profile: 2 }, request: { key: 'SecurityProfile', value: '2' } } },
  verdicts,
  [[{ key: 'SecurityProfile', value: '2' }, { status: 'RebootRequired' }, { variable: { variable: 'SecurityProfile', value: '2' }, effect: 'after-restart' }]],
);
