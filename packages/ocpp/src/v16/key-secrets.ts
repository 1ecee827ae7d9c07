import { isSecret } from '@ohmnibus/domain';
import { hidden } from '../hidden.js';
import type { MessageSecrets } from '../message.js';

interface KeyValue {
  readonly key: string;
  readonly value?: unknown;
}

function isKeyValue(payload: unknown): payload is KeyValue {
  return typeof payload === 'object' && payload !== null && typeof (payload as { key?: unknown }).key === 'string';
}

const hasSecret = (payload: unknown): payload is KeyValue => isKeyValue(payload) && payload.value !== undefined && isSecret({ variable: payload.key });
const hideValue = (payload: unknown): unknown => (hasSecret(payload) ? { ...payload, value: hidden } : payload);

/** Configuration keys that are set or read. */
export const keySecrets: MessageSecrets = {
  newPassword: (request) =>
    isKeyValue(request) && request.key.trim().toLowerCase() === 'authorizationkey' && typeof request.value === 'string' && request.value !== '' ? request.value : undefined,
  fateOfPassword: (reply) => {
    const status = (reply as { status?: unknown } | null)?.status;
    if (status === 'Accepted') return 'taken';
    if (status === 'RebootRequired') return 'later';
    return typeof status === 'string' ? 'refused' : undefined;
  },
  hideInRequest: hideValue,
  hideInReply: (reply) => {
    const keys = (reply as { configurationKey?: unknown } | null)?.configurationKey;
    return Array.isArray(keys) && keys.some(hasSecret) ? { ...(reply as object), configurationKey: keys.map(hideValue) } : reply;
  },
};
