import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface MigrationFile {
  name: string;
  sql: string;
  /** Hex sha256 of the file's bytes. */
  checksum: string;
}

/** `prisma/migrations` of the checkout (or image) that this package is part of. */
export const defaultMigrationsDir = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** All migrations of a folder in the order in which they apply. Throws if the folder or one of its `migration.sql` is missing. */
export function readMigrations(dir: string): MigrationFile[] {
  if (!existsSync(dir)) throw new Error(`There is no folder of migrations at ${dir}`);
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => {
      const file = join(dir, name, 'migration.sql');
      if (!existsSync(file)) throw new Error(`Migration ${name} has no migration.sql`);
      const sql = readFileSync(file);
      return { name, sql: sql.toString(), checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** One word for the whole folder: it changes when any migration is added or altered. */
export function migrationsChecksum(dir: string = defaultMigrationsDir): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of readMigrations(dir)) hash.update(`${name} ${checksum}\n`);
  return hash.digest('hex');
}
