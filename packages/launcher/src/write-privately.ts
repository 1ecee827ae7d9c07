import { renameSync, writeFileSync } from 'node:fs';

/** Writes JSON that only its owner may read, whole or not at all. */
export function writePrivately(file: string, value: unknown): void {
  const stage = `${file}.${process.pid}`;
  writeFileSync(stage, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(stage, file);
}
