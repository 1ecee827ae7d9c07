import { changePassword } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { setVariables } from '../set-variables.js';

const component = { name: 'SecurityCtrlr' };
const variable = { name: 'BasicAuthPassword' };
const result = (attributeStatus: string) => ({ component, variable, attributeStatus });

export const examples = sent(
  setVariables,
  changePassword,
  {
    'a password': {
      input: { password: 'a password of 2.0.1' },
      request: { setVariableData: [{ component, variable, attributeValue: 'a password of 2.0.1' }] },
    },
  },
  [
    [{ setVariableResult: [result('Accepted')] }, { accepted: true, status: 'Accepted' }],
    [{ setVariableResult: [result('RebootRequired')] }, { accepted: true, status: 'RebootRequired' }],
    [{ setVariableResult: [result('Accepted'), result('Rejected')] }, { accepted: false, status: 'Rejected' }],
    [{ setVariableResult: [result('UnknownVariable')] }, { accepted: false, status: 'UnknownVariable' }],
  ],
);
