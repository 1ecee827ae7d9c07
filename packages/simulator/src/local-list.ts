/** A line of the list: the verdict on a token. */
export interface LocalListLine {
  readonly token: string;
  /** Absent: the token leaves the list. */
  readonly verdict?: LocalVerdict;
}

export interface LocalVerdict {
  readonly status: string;
  /** Milliseconds since 1970; absent: for ever. */
  readonly expiresAt?: number;
  readonly group?: string;
}

export interface LocalListUpdate {
  readonly full: boolean;
  readonly version: number;
  readonly lines: readonly LocalListLine[];
}

export const localListLimits = { linesPerMessage: 50, lines: 1000 } as const;

const key = (token: string): string => token.toLowerCase();

/** The list by which a station authorizes without asking. It outlives restarts. */
export class LocalList {
  private version = 0;
  private lines = new Map<string, LocalVerdict>();

  /** @param enabled whether the station heeds a list at all */
  constructor(
    private readonly enabled: () => boolean,
    private readonly now: () => number,
  ) {}

  /** 0: it is empty; -1: the station keeps none. */
  get toldVersion(): number {
    if (!this.enabled()) return -1;
    return this.lines.size === 0 ? 0 : this.version;
  }

  update({ full, version, lines }: LocalListUpdate): 'Accepted' | 'Failed' | 'NotSupported' | 'VersionMismatch' {
    if (!this.enabled()) return 'NotSupported';
    if (!full && version <= this.version) return 'VersionMismatch';
    if (version <= 0 || lines.length > localListLimits.linesPerMessage) return 'Failed';
    const next = new Map(full ? [] : this.lines);
    for (const { token, verdict } of lines) {
      if (verdict) next.set(key(token), verdict);
      else if (full) return 'Failed';
      else next.delete(key(token));
    }
    if (next.size > localListLimits.lines || new Set(lines.map(({ token }) => key(token))).size < lines.length) return 'Failed';
    this.lines = next;
    this.version = version;
    return 'Accepted';
  }

  /** The verdict on a token as it is now; undefined if the list does not say. */
  find(token: string): LocalVerdict | undefined {
    const verdict = this.enabled() ? this.lines.get(key(token)) : undefined;
    if (verdict?.status !== 'Accepted' || verdict.expiresAt === undefined || verdict.expiresAt > this.now()) return verdict;
    return { ...verdict, status: 'Expired' };
  }
}
