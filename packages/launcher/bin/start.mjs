import { build, checkNode, install, product, root } from './prepare.mjs';

checkNode();
if (!install() || !build(product)) process.exit(1);
const { start } = await import('../dist/start.js');
await start(root);
