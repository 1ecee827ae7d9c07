import { build, checkNode, install, root } from './prepare.mjs';

checkNode();
if (!install() || !build()) process.exit(1);
const { start } = await import('../dist/start.js');
await start(root);
