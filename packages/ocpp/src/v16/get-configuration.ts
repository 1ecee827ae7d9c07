import { configurationRead, found, readConfiguration } from '@ohmnibus/domain';
import { toStation } from './dialect.js';
import { keySecrets } from './key-secrets.js';

/** Reads configuration keys, all of them if none is named. There is no way to refuse. */
export const getConfiguration = toStation('GetConfiguration', readConfiguration).translate({
  toRequest: ({ keys }) => ({ key: keys && [...keys] }),
  toVerdict: () => ({ accepted: true, status: 'Accepted' }),
  toFinding: ({ key: asked = [] }, { configurationKey, unknownKey = [] }) => {
    // An answer without any keys tells nothing of a station that has some.
    if (!configurationKey && unknownKey.length === 0) return undefined;
    const variables = (configurationKey ?? []).map(({ key, value, readonly }) => ({ variable: key, value, readonly }));
    return found(configurationRead, { variables, unknown: unknownKey.map((variable) => ({ variable })), whole: asked.length === 0 });
  },
  secrets: keySecrets,
});
