import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: these files run from source under jest and built as parts of the benchmark. */
export function checkout(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'pnpm-workspace.yaml')) ? from : checkout(dirname(from));
}
