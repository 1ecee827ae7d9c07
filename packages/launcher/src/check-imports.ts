import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IReporterOutput, ICruiseResult } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import { importRules } from './import-rules.js';

/** An import that the rules do not allow; paths are from the root of the checkout. */
export interface ImportViolation {
  rule: string;
  from: string;
  to: string;
  comment: string;
}

/** Checks every import below packages/, services/ and test/ against `importRules`, and that packages do not import each other in a circle. */
export async function checkImports(root: string): Promise<ImportViolation[]> {
  const folders = ['packages', 'services', 'test'].filter((folder) => existsSync(join(root, folder)));
  const { output }: IReporterOutput = await cruise(
    folders,
    {
      baseDir: root,
      parser: 'swc',
      // An import of types only is an import too.
      tsPreCompilationDeps: true,
      validate: true,
      ruleSet: { forbidden: importRules.map((rule) => ({ ...rule, severity: 'error' })) },
      // What is built or generated. Libraries are seen (as targets, under node_modules of the root) but not followed.
      exclude: { path: ['^(packages|services)/[^/]+/(dist|node_modules|src/generated)/', '^test/(dist|node_modules)/'] },
      doNotFollow: { path: ['node_modules'] },
    },
    { alias: sources(root), extensions: ['.ts', '.tsx', '.mjs', '.js'], exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  );
  const { modules, summary } = output as ICruiseResult;
  const forbidden = summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
    comment: importRules.find(({ name }) => name === rule.name)?.comment ?? '',
  }));
  const imports = modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved })));
  return [...forbidden, ...circles(imports)];
}

/** A package's name stands for its sources, so that the check needs no build and follows imports from package to package. */
function sources(root: string): Record<string, string> {
  const folder = join(root, 'packages');
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [`@ohmnibus/${name}$`, join(folder, name, 'src/index.ts')]));
}

/** Circles between packages, one violation each. Tests count: what a package's tests need is built before it. */
function circles(imports: { from: string; to: string }[]): ImportViolation[] {
  const room = (path: string) => /^(?:packages|services)\/[^/]+/.exec(path)?.[0];
  const graph = new Map<string, Map<string, { from: string; to: string }>>();
  for (const edge of imports) {
    const [from, to] = [room(edge.from), room(edge.to)];
    if (!from || !to || from === to) continue;
    graph.set(from, (graph.get(from) ?? new Map()).set(to, edge));
  }
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean => {
    if (from === goal) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(graph.get(from)?.keys() ?? [])].some((next) => reaches(next, goal, seen));
  };
  return [...graph].flatMap(([from, targets]) =>
    [...targets]
      .filter(([to]) => reaches(to, from))
      .map(([, edge]) => ({ rule: 'no-circles', ...edge, comment: 'packages must not import each other in a circle' })),
  );
}
