import { localListUpdated, localListVersionRead } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { LocalListStore } from './local-list-store.js';

/** What stations' answers tell of their local lists. */
export function learnLocalList(findings: Findings, store: LocalListStore): Findings {
  return findings
    .learn(localListVersionRead, (circumstance, { version }) => store.learnVersion(circumstance, version))
    .learn(localListUpdated, (circumstance, update) => store.learnUpdate(circumstance, update));
}
