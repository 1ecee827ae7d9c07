import { build, checkNode, install, root } from './prepare.mjs';

checkNode();
const prepared = install() && build();
if (prepared) {
  const { runTests } = await import('../dist/run-tests.js');
  process.exitCode = (await runTests(root)) ? 0 : 1;
} else {
  console.log('Nothing was tested: the sources above do not install or build.\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
