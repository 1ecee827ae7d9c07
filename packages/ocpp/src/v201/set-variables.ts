import { changePassword, isSecret } from '@ohmnibus/domain';
import { hidden } from '../hidden.js';
import type { MessageSecrets } from '../message.js';
import { toStation } from './dialect.js';

interface Entry {
  readonly component?: { readonly name?: unknown };
  readonly variable?: { readonly name?: unknown };
  readonly attributeType?: unknown;
  readonly attributeValue?: unknown;
  readonly attributeStatus?: unknown;
}

/** What a payload lists under a name; nothing if it is written by hand and lists none. */
function entries(payload: unknown, name: string): Entry[] {
  const list = (payload as Record<string, unknown> | null)?.[name];
  return Array.isArray(list) ? list.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null) : [];
}

const is = (name: unknown, expected: string): boolean => typeof name === 'string' && name.toLowerCase() === expected;
const isPassword = ({ component, variable, attributeType = 'Actual' }: Entry): boolean =>
  is(component?.name, 'securityctrlr') && is(variable?.name, 'basicauthpassword') && attributeType === 'Actual';
const hasSecret = ({ variable, attributeValue }: Entry): boolean => attributeValue !== undefined && typeof variable?.name === 'string' && isSecret({ variable: variable.name });

const secrets: MessageSecrets = {
  newPassword: (request) => {
    const value = entries(request, 'setVariableData').findLast(isPassword)?.attributeValue;
    return typeof value === 'string' && value !== '' ? value : undefined;
  },
  fateOfPassword: (reply) => {
    const status = entries(reply, 'setVariableResult').findLast(isPassword)?.attributeStatus;
    if (status === 'Accepted') return 'taken';
    if (status === 'RebootRequired') return 'later';
    return typeof status === 'string' ? 'refused' : undefined;
  },
  hideInRequest: (request) => {
    const data = entries(request, 'setVariableData');
    if (!data.some(hasSecret)) return request;
    return { ...(request as object), setVariableData: data.map((entry) => (hasSecret(entry) ? { ...entry, attributeValue: hidden } : entry)) };
  },
};

/** Gives the station a new password (A01). Of several variables that were set by hand, the verdict is that of the worst. */
export const setVariables = toStation('SetVariables', changePassword).translate({
  toRequest: ({ password }) => ({
    setVariableData: [{ component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: password }],
  }),
  toVerdict: ({ setVariableResult }) => {
    const statuses = setVariableResult.map(({ attributeStatus }) => attributeStatus as string);
    const refused = statuses.find((status) => status !== 'Accepted' && status !== 'RebootRequired');
    return { accepted: refused === undefined, status: refused ?? statuses.find((status) => status === 'RebootRequired') ?? 'Accepted' };
  },
  secrets,
});
