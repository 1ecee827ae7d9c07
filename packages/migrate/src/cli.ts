import { parseArgs } from 'node:util';
import { markRolledBack, migrate } from './migrate.js';

const usage = `ohmnibus-migrate [--dir prisma/migrations] [--rolled-back NAME]

Applies the migrations that the database in DATABASE_URL has not seen; the same as "prisma migrate deploy".
  --dir          the folder of migrations, if not the one that came with this program (or MIGRATIONS_DIR)
  --rolled-back  note that the failed migration NAME left nothing behind, so that the next run tries it again`;

try {
  const { values } = parseArgs({ options: { dir: { type: 'string' }, 'rolled-back': { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  const databaseUrl = process.env.DATABASE_URL;
  if (values.help) {
    console.log(usage);
  } else if (!databaseUrl) {
    console.error(`DATABASE_URL is not set.\n\n${usage}`);
    process.exitCode = 78;
  } else if (values['rolled-back']) {
    await markRolledBack(databaseUrl, values['rolled-back']);
  } else {
    const { applied } = await migrate(databaseUrl, { dir: values.dir ?? process.env.MIGRATIONS_DIR, log: (line) => console.log(line) });
    console.log(applied.length === 0 ? 'the database is up to date' : `${applied.length} applied`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
