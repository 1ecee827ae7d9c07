// Generates the Prisma client. Prisma would download a schema engine that generating does not need: any executable satisfies it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const schema = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));
const { status } = spawnSync('prisma', ['generate', '--schema', schema], {
  stdio: 'inherit',
  env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', ...process.env },
});
process.exit(status ?? 1);
