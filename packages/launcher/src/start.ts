import { join, resolve } from 'node:path';
import { Launch } from './launch.js';

/** A terminal sends Ctrl-C to npm and to us, and npm passes it on: within this time it is one and the same. */
const sameCtrlCMs = 1000;

/** `npm start`: runs everything until Ctrl-C or SIGTERM, then ends it in good order; a second Ctrl-C hurries. Ends the process. */
export async function start(root: string): Promise<void> {
  const say = (line: string) => console.log(line);
  const launch = new Launch({ root, dataDir: resolve(process.env.OHMNIBUS_DATA_DIR ?? join(root, '.data')), say });
  let askedAt: number | undefined;
  const asked = new Promise<void>((resolveAsked) => {
    const onSignal = () => {
      if (askedAt === undefined) {
        askedAt = Date.now();
        say('\nstopping (Ctrl-C again to hurry)');
        resolveAsked();
      } else if (Date.now() - askedAt > sameCtrlCMs) {
        launch.hurry();
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  // A terminal that was closed takes no more lines; that is no reason to end without draining.
  process.stdout.on('error', () => {});

  let exitCode = 0;
  const started = launch.start().then(() => say(launch.describe()));
  try {
    await Promise.race([started, asked]);
    await asked;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    exitCode = 1;
  }
  started.catch(() => {});
  await launch.stop();
  if (exitCode === 0) say('stopped');
  process.exit(exitCode);
}
