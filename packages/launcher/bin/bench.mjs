import { build, checkNode, install } from './prepare.mjs';

checkNode();
if (!install() || !build()) process.exit(1);
await import('../../../test/dist/bench/main.js');
