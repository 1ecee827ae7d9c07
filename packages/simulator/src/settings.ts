/** What the CSMS may change in a station, in the words of no version. */
export interface Settings {
  heartbeatSeconds: number;
  /** Seconds between meter values during a charge; 0 sends none. */
  meterSeconds: number;
  /** Ask the CSMS about the token of a remote start before charging. */
  authorizeRemote: boolean;
  /** End a charge whose token the CSMS refuses. */
  stopOnInvalidToken: boolean;
  /** Keep and heed a list of tokens from the CSMS. */
  localList: boolean;
  /** How often a transaction message is sent while the CSMS answers it with a CALLERROR. */
  messageAttempts: number;
  /** Wait after such an answer, in seconds, times the number of attempts so far. */
  retrySeconds: number;
  password: string | Buffer | undefined;
}

/** One line of a station's configuration, under the name that a version gives it. */
export interface Variable {
  readonly name: string;
  readonly readable: boolean;
  readonly writable: boolean;
  read(): string;
  /** False if the value is none that the setting can take. */
  write(value: string): boolean;
}

/** The names that a version has for the settings, and what it can show beside them. */
export interface VariableNames {
  readonly settings: Readonly<Record<keyof Settings, string>>;
  /** Shown, never changed. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Kept for the CSMS, without effect on the simulation. */
  readonly kept: Readonly<Record<string, string>>;
}

/** The configuration as a version spells it. Names are compared without regard to case. */
export class VariableTable {
  private readonly byName = new Map<string, Variable>();

  /** @param changed runs after the CSMS has written a setting */
  constructor(names: VariableNames, settings: Settings, changed: (setting: keyof Settings) => void) {
    for (const [key, name] of Object.entries(names.settings) as [keyof Settings, string][]) {
      this.add(settingVariable(name, key, settings, changed));
    }
    for (const [name, value] of Object.entries(names.fixed)) {
      this.add({ name, readable: true, writable: false, read: () => value, write: () => false });
    }
    for (const [name, initial] of Object.entries(names.kept)) {
      let value = initial;
      const write = (next: string): boolean => {
        if (!isAlike(initial, next)) return false;
        value = next;
        return true;
      };
      this.add({ name, readable: true, writable: true, read: () => value, write });
    }
  }

  get(name: string): Variable | undefined {
    return this.byName.get(name.toLowerCase());
  }

  all(): Variable[] {
    return [...this.byName.values()];
  }

  private add(variable: Variable): void {
    this.byName.set(variable.name.toLowerCase(), variable);
  }
}

/** Whether a value is of the kind that the variable began with: a number, a truth, or any text. */
function isAlike(initial: string, next: string): boolean {
  if (/^\d+$/.test(initial)) return /^\d{1,9}$/.test(next);
  return /^(true|false)$/.test(initial) ? /^(true|false)$/i.test(next) : true;
}

function settingVariable(name: string, key: keyof Settings, settings: Settings, changed: (setting: keyof Settings) => void): Variable {
  const secret = key === 'password';
  return {
    name,
    readable: !secret,
    writable: true,
    read: () => (secret ? '' : String(settings[key])),
    write(text) {
      const value = parseSetting(key, text);
      if (value === undefined) return false;
      Object.assign(settings, { [key]: value });
      changed(key);
      return true;
    },
  };
}

function parseSetting(key: keyof Settings, text: string): string | number | boolean | undefined {
  if (key === 'password') return text;
  if (key === 'authorizeRemote' || key === 'stopOnInvalidToken' || key === 'localList') {
    const word = text.toLowerCase();
    return word === 'true' || word === 'false' ? word === 'true' : undefined;
  }
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
