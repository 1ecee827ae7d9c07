import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Generator } from './generators.js';
import { generators } from './generators.js';

export interface GenerateOptions {
  /** Only look, do not write. */
  check?: boolean;
  /** What to generate. Default: all that there is. */
  table?: Generator[];
}

/** Writes the generated files whose content has changed, and returns them. The packages must have been built. */
export async function generate(root: string, { check = false, table = generators }: GenerateOptions = {}): Promise<string[]> {
  const stale: string[] = [];
  for (const generator of table) {
    const module = (await import(pathToFileURL(join(root, generator.module)).href)) as Record<string, (() => string | Promise<string>) | undefined>;
    const content = await module[generator.function]?.();
    if (typeof content !== 'string') throw new Error(`${generator.module} has no function ${generator.function} that returns text`);
    const file = join(root, generator.output);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    stale.push(generator.output);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return stale;
}
