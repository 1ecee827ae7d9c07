import { importTokens, type TokenFields } from '@ohmnibus/contracts';
import type { Bus } from '@ohmnibus/bus';
import { tokenKey } from '@ohmnibus/domain';
import { importRow, type ImportOutcome, type ImportTokensBody } from './token-schemas.js';

/** Small enough for a message of NATS, whatever the rows hold. */
const rowsAtOnce = 200;

type RowError = ImportOutcome['errors'][number];

/** Takes the rows that are right and says of each of the others what is wrong with it. Of two rows with one token the first one counts. */
export class ImportTokens {
  constructor(private readonly bus: Pick<Bus, 'ask'>) {}

  async run(tenant: string, { tokens, dryRun }: ImportTokensBody): Promise<ImportOutcome> {
    const { rows, errors } = sift(tokens);
    const outcome = { created: 0, updated: 0, refused: errors.length, errors };
    if (dryRun) return outcome;
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const { created, updated } = await this.bus.ask(importTokens, {}, { tenant, tokens: rows.slice(from, from + rowsAtOnce) });
      outcome.created += created;
      outcome.updated += updated;
    }
    return outcome;
  }
}

function sift(tokens: readonly unknown[]): { rows: TokenFields[]; errors: RowError[] } {
  const rows: TokenFields[] = [];
  const errors: RowError[] = [];
  const firstRow = new Map<string, number>();
  for (const [index, given] of tokens.entries()) {
    const row = index + 1;
    const parsed = importRow.safeParse(given);
    if (!parsed.success) {
      errors.push({ row, token: tokenOf(given), problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) });
      continue;
    }
    const key = tokenKey(parsed.data.token);
    const first = firstRow.get(key);
    if (first === undefined) {
      firstRow.set(key, row);
      rows.push(parsed.data);
    } else {
      errors.push({ row, token: parsed.data.token, problems: [{ path: 'token', message: `it is in row ${first} already` }] });
    }
  }
  return { rows, errors };
}

function tokenOf(given: unknown): string | null {
  const token = (given as { token?: unknown } | null)?.token;
  return typeof token === 'string' ? token.slice(0, 100) : null;
}
