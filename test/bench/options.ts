import { parseArgs } from 'node:util';

/** What can be measured on its own, and the row of the table that it makes; `weak` has none. */
export const rowNames = ['saturated', 'naive', 'bare', 'scale', 'memory', 'storm', 'command', 'integrity', 'weak'] as const;
export type RowName = (typeof rowNames)[number];

export interface BenchOptions {
  readonly only: ReadonlySet<RowName>;
  readonly rounds: number;
  /** Of each window. */
  readonly seconds: number;
  readonly json: boolean;
  readonly write: boolean;
  /** Where CPU profiles of the product's services go. */
  readonly profile: string | undefined;
}

export const usage = `npm run bench -- [--only ${rowNames.join(',')}] [--rounds 5] [--seconds 4] [--json] [--write] [--profile folder]

  --only     the rows to measure, by name; all by default
  --rounds   how often contenders take turns
  --seconds  how long each turn lasts
  --json     the results as one JSON object on standard output, everything else on standard error
  --write    docs/performance.md gets the results; only with all rows
  --profile  a folder for CPU profiles of the services; what is measured then is no result`;

/** Throws with what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const only = (values.only ?? []).flatMap((list) => list.split(/[\s,]+/).filter((name) => name !== ''));
  for (const name of only) if (!isRowName(name)) throw new Error(`there is no row called ${name}`);
  if (values.write && (only.length > 0 || values.profile)) throw new Error('--write takes all rows, without profiles');
  return {
    only: new Set(only.length > 0 ? (only as RowName[]) : rowNames),
    rounds: positive('--rounds', values.rounds, 1),
    seconds: positive('--seconds', values.seconds, 0.5),
    json: values.json,
    write: values.write,
    profile: values.profile,
  };
}

function isRowName(name: string): name is RowName {
  return (rowNames as readonly string[]).includes(name);
}

function positive(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`${name} has to be at least ${least}`);
  return value;
}
