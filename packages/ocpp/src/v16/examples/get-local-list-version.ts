import { readLocalListVersion } from '@ohmnibus/domain';
import { sent } from '../../examples.js';
import { getLocalListVersion } from '../get-local-list-version.js';

const answered = { accepted: true, status: 'Accepted' };

export const examples = sent(
  getLocalListVersion,
  readLocalListVersion,
  { 'there is nothing to say': { input: {}, request: {} } },
  [
    [{ listVersion: 7 }, answered],
    [{ listVersion: 0 }, answered],
    [{ listVersion: -1 }, answered],
  ],
  [
    [{}, { listVersion: 7 }, { version: 7 }],
    [{}, { listVersion: -1 }, { version: -1 }],
  ],
);
