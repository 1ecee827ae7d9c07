export { markRolledBack, migrate } from './migrate.js';
export type { MigrateOptions } from './migrate.js';
export { defaultMigrationsDir, migrationsChecksum } from './migration-files.js';
