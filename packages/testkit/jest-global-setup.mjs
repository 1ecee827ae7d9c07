import { createServer } from 'node:http';

/**
 * One Postgres for a whole jest run, started when the first test file asks for it (over HTTP, since test files run in other processes), so that a run of unit
 * tests pays nothing. Set TEST_DATABASE_URL to use one of your own; its user must be allowed to create databases.
 */
export default async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) return;
  let postgres;
  const server = createServer((_request, response) => {
    // A connection kept open would be closed here in the moment in which the next test file asks.
    response.setHeader('connection', 'close');
    postgres ??= import('./dist/run-postgres.js').then(({ startRunPostgres }) => startRunPostgres());
    postgres.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error.stack)),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.TEST_POSTGRES_BROKER = `http://127.0.0.1:${server.address().port}`;

  // An interrupted run skips the teardown; leaving through exit() ends the children.
  const leave = () => process.exit(130);
  process.once('SIGINT', leave).once('SIGTERM', leave);
  globalThis.stopRunPostgres = async () => {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    server.closeAllConnections();
    server.close();
    const running = await postgres?.catch(() => undefined);
    await running?.stop();
  };
}
