import type { DesiredVariable, VariableRef, VariableState } from '../configuration.js';
import { finding } from './finding.js';

/** A station has told what it is configured with. */
export const configurationRead = finding<{
  readonly variables: readonly VariableState[];
  /** Asked for, and not known to the station. */
  readonly unknown: readonly VariableRef[];
  /** These are all that it has. */
  readonly whole: boolean;
}>('configurationRead');

/** What became of a change: in force, in force after a restart, or the station knows no such variable. A mere refusal tells nothing. */
export type ChangeEffect = 'now' | 'after-restart' | 'not-known';

/** A station has answered that it changes its configuration. */
export const configurationChanged = finding<{ readonly variable: DesiredVariable; readonly effect: ChangeEffect }>('configurationChanged');
