import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkImports } from './check-imports.js';
import { importRules } from './import-rules.js';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ohmnibus-imports-'));
  const packages = ['domain', 'ocpp', 'contracts', 'bus', 'database', 'presence', 'files', 'runtime', 'simulator', 'testkit', 'backing', 'migrate'];
  for (const name of packages) write(`packages/${name}/src/index.ts`, 'export const name = 1;\nexport type Name = number;\n');
  for (const name of ['gateway', 'session']) write(`services/${name}/src/main.ts`, 'export const main = 1;\n');
  for (const version of ['v16', 'v201', 'v21']) write(`packages/ocpp/src/${version}/index.ts`, 'export const messages = [];\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const service = '../../../services/session/src/main.js';
const broken: [rule: string, file: string, specifier: string][] = [
  ['domain-imports-nothing', 'packages/domain/src/rule.ts', 'zod'],
  ['domain-imports-nothing', 'packages/domain/src/rule.ts', 'node:fs'],
  ['domain-imports-nothing', 'packages/domain/src/rule.ts', '@ohmnibus/contracts'],
  ['ocpp-translates-only', 'packages/ocpp/src/frame.ts', '@ohmnibus/contracts'],
  ['ocpp-translates-only', 'packages/ocpp/src/frame.ts', 'zod'],
  ['dialects-do-no-io', 'packages/ocpp/src/v16/boot.ts', 'node:crypto'],
  ['v15-stands-on-v16', 'packages/ocpp/src/v15/boot.ts', '../v201/index.js'],
  ['v16-stands-alone', 'packages/ocpp/src/v16/boot.ts', '../v201/index.js'],
  ['v201-stands-alone', 'packages/ocpp/src/v201/boot.ts', '../v16/index.js'],
  ['contracts-declare-only', 'packages/contracts/src/rest.ts', '@ohmnibus/ocpp'],
  ['contracts-declare-only', 'packages/contracts/src/rest.ts', '@nestjs/common'],
  ['infrastructure-stands-side-by-side', 'packages/bus/src/bus.ts', '@ohmnibus/runtime'],
  ['runtime-knows-no-infrastructure', 'packages/runtime/src/health.ts', '@ohmnibus/database'],
  ['infrastructure-stands-side-by-side', 'packages/database/src/pool.ts', '@ohmnibus/ocpp'],
  ['only-bus-knows-nats', 'services/session/src/connect.ts', 'nats'],
  ['only-bus-knows-nats', 'packages/runtime/src/connect.ts', '@nats-io/transport-node'],
  ['only-database-knows-postgres', 'services/session/src/query.ts', 'pg'],
  ['only-database-knows-postgres', 'services/session/src/query.ts', '@prisma/client'],
  ['only-database-knows-postgres', 'packages/backing/src/ready.ts', 'pg'],
  ['only-presence-knows-redis', 'services/gateway/src/owner.ts', 'ioredis'],
  ['only-pki-knows-x509', 'services/session/src/sign.ts', '@peculiar/x509'],
  ['only-files-knows-s3', 'services/api/src/bucket.ts', 'aws4fetch'],
  ['only-gateway-knows-uwebsockets', 'packages/runtime/src/http.ts', 'uWebSockets.js'],
  ['simulator-stands-alone', 'packages/simulator/src/frame.ts', '@ohmnibus/ocpp'],
  ['services-talk-through-contracts', 'services/gateway/src/ask.ts', '../../session/src/main.js'],
  ['gateway-has-no-database', 'services/gateway/src/save.ts', '@ohmnibus/database'],
  ['dashboard-talks-to-the-api', 'services/dashboard/src/app.tsx', '@ohmnibus/bus'],
  ['packages-know-no-service', 'packages/runtime/src/boot.ts', service],
  ['tools-stay-outside', 'services/session/src/start.ts', '@ohmnibus/testkit'],
];

describe('the import rules', () => {
  for (const [rule, file, specifier] of broken) {
    test(`${rule} reports ${specifier} in ${file}`, async () => {
      write(file, `import { name } from '${specifier}';\nexport const used = name;\n`);
      expect((await checkImports(root)).map((found) => [found.rule, found.from])).toContainEqual([rule, file]);
    });
  }

  test('every rule has a case above', () => {
    expect([...new Set(broken.map(([rule]) => rule))].toSorted()).toEqual(importRules.map(({ name }) => name).toSorted());
  });

  test('imports of types, re-exports and dynamic imports count', async () => {
    write('packages/domain/src/types.ts', "import type { Name } from '@ohmnibus/bus';\nexport type Other = Name;\n");
    write('packages/domain/src/exports.ts', "export { name } from '@ohmnibus/bus';\n");
    write('packages/domain/src/late.ts', "export const late = () => import('@ohmnibus/bus');\n");
    const found = (await checkImports(root)).map(({ from }) => from);
    expect(found.toSorted()).toEqual(['packages/domain/src/exports.ts', 'packages/domain/src/late.ts', 'packages/domain/src/types.ts']);
  });

  test('packages must not import each other in a circle', async () => {
    write('packages/migrate/src/a.ts', "import '@ohmnibus/backing';\n");
    expect(await checkImports(root)).toEqual([]);
    write('packages/backing/src/b.test.ts', "import '@ohmnibus/migrate';\n");
    expect((await checkImports(root)).map(({ rule, from }) => `${rule} ${from}`).toSorted()).toEqual([
      'no-circles packages/backing/src/b.test.ts',
      'no-circles packages/migrate/src/a.ts',
    ]);
  });

  test('what the design wants is allowed', async () => {
    const wanted: [file: string, ...specifiers: string[]][] = [
      ['packages/ocpp/src/a.ts', '@ohmnibus/domain', 'ajv', 'ajv-formats', 'typed-ocpp', 'typed-ocpp/dist/ocpp16/schemas.js'],
      ['packages/ocpp/src/v21/a.ts', '../v201/index.js'],
      ['packages/contracts/src/a.ts', '@ohmnibus/domain', 'zod'],
      ['packages/bus/src/a.ts', '@ohmnibus/domain', '@ohmnibus/contracts', 'nats', 'node:crypto'],
      ['packages/database/src/a.test.ts', '@ohmnibus/testkit', 'pg', '@jest/globals'],
      ['packages/backing/src/a.test.ts', 'pg'],
      ['packages/simulator/src/a.test.ts', '@ohmnibus/testkit'],
      ['services/gateway/src/a.ts', '@ohmnibus/bus', '@ohmnibus/ocpp', 'uWebSockets.js'],
      ['services/session/src/a.ts', '@ohmnibus/database', '@ohmnibus/presence', '@ohmnibus/runtime'],
      ['test/e2e/a.test.ts', 'pg', 'nats', 'ioredis', '@ohmnibus/simulator', '@ohmnibus/testkit'],
    ];
    for (const [file, ...specifiers] of wanted) write(file, specifiers.map((specifier) => `import '${specifier}';\n`).join(''));
    expect(await checkImports(root)).toEqual([]);
  });
});
