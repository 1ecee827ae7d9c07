import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { documentConfig, type Config } from '@ohmnibus/runtime';
import type { ZodRawShape } from 'zod';

const services = ['gateway', 'session', 'transaction', 'command', 'api'] as const;
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** docs/configuration.md: every setting of every process, from the schemas that read them. */
export async function configurationPage(): Promise<string> {
  const sections: string[] = [];
  for (const service of services) {
    const module = (await import(pathToFileURL(join(root, 'services', service, 'dist', 'config.js')).href)) as { config: Config<ZodRawShape> };
    const rows = documentConfig(module.config).map(({ name, description, fallback }) => `| \`${name}\` | ${cell(fallback)} | ${escape(description)} |`);
    sections.push([`## ${service}`, '', '| variable | default | what it is |', '|---|---|---|', ...rows].join('\n'));
  }
  return [
    '# Configuration',
    'Every process reads environment variables. An empty variable counts as not set. If anything is missing or wrong, the process prints every problem at once and ends with exit code 78 before it opens a port.',
    'This page is generated from the schemas (`npm run gen`).',
    ...sections,
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function cell(fallback: string | undefined): string {
  if (fallback === undefined) return '**required**';
  return fallback === '' ? '' : `\`${escape(fallback)}\``;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}
