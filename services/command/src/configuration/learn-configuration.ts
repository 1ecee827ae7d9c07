import { configurationChanged, configurationRead } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { ConfigurationStore } from './configuration-store.js';

/** What stations' answers tell of their configuration. */
export function learnConfiguration(findings: Findings, store: ConfigurationStore): Findings {
  return findings
    .learn(configurationRead, (circumstance, { variables, unknown, whole }) => store.read(circumstance, circumstance.at, variables, unknown, whole))
    .learn(configurationChanged, (circumstance, { variable, effect }) => store.changed(circumstance, circumstance.at, variable, effect));
}
