/** A 1.6 configuration key, or an attribute of a 2.x variable of a component. */
export interface VariableRef {
  /** Its name, and its instance and EVSE if it has them: `Connector[main]@1.1`. Absent in 1.6. */
  readonly component?: string;
  /** As the station spells it; in 2.x with its instance, `Limit[Max]`. */
  readonly variable: string;
  /** Absent: `Actual`. */
  readonly attribute?: string;
}

/** What a station says of one of its variables. */
export interface VariableState extends VariableRef {
  /** Absent where the station shows none. */
  readonly value?: string;
  readonly readonly?: boolean;
}

/** A value that somebody wants a variable to have. */
export interface DesiredVariable extends VariableRef {
  readonly value: string;
}

/** How a variable is called in one word: `HeartbeatInterval` in 1.6, `component/variable#attribute` in 2.x. */
export function variableName({ component, variable, attribute }: VariableRef): string {
  const name = component === undefined ? variable : `${component}/${variable}`;
  return attribute === undefined || attribute === 'Actual' ? name : `${name}#${attribute}`;
}

/** One name for a variable, however it is spelt: stations compare names without regard to case. */
export function configurationKey(variable: VariableRef): string {
  return variableName(variable).toLowerCase();
}

const secret = /authorizationkey|passw(or)?d|passphrase|secret|privatekey/i;

/** Whether a variable's value is for nobody to read: it is neither stored nor shown. */
export function isSecret({ variable }: VariableRef): boolean {
  return secret.test(variable.replaceAll(/[\s._-]/g, ''));
}

/** What is stored of a variable. */
export interface StoredVariable {
  readonly key: string;
  /** False: the station says that it does not know it. */
  readonly known: boolean;
  readonly value: string | null;
  /** Accepted, and in force after a restart. */
  readonly pendingValue: string | null;
}

/** How a variable differs from what is wanted of it. A secret cannot be compared, and never differs. */
export const differences = ['differs', 'pending', 'not-known', 'not-read'] as const;
export type Difference = (typeof differences)[number];

/** Undefined: it is as it should be. */
export function differenceOf(desired: DesiredVariable, stored: StoredVariable | undefined): Difference | undefined {
  if (isSecret(desired)) return undefined;
  if (!stored) return 'not-read';
  if (!stored.known) return 'not-known';
  if (sameValue(desired.value, stored.value)) return undefined;
  return stored.pendingValue !== null && sameValue(desired.value, stored.pendingValue) ? 'pending' : 'differs';
}

/** Values are text; truth and numbers are spelt in several ways. */
function sameValue(desired: string, actual: string | null): boolean {
  if (actual === null) return false;
  return normalised(desired) === normalised(actual);
}

function normalised(value: string): string {
  const text = value.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  if (/^[-+]?\d{1,15}(\.0+)?$/.test(text)) return String(Number(text));
  return text.replaceAll(/\s*,\s*/g, ',');
}
