import { build, checkNode, install, root } from './prepare.mjs';

checkNode();
if (!install() || !build()) process.exit(1);
const { generate } = await import('../dist/generate.js');
const check = process.argv.includes('--check');
const stale = await generate(root, { check });
for (const file of stale) console.log(check ? `${file} is stale: run "npm run gen"` : `wrote ${file}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
