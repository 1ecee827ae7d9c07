import { setFlagsFromString } from 'node:v8';
import { TrustedProxies } from './transport.js';

/**
 * A process that has a server for stations and nothing else, which V8 begins to compile with one of the very first stations. It tells its port,
 * accepts everybody and sends back what it hears.
 */
for (const flag of ['--baseline-batch-compilation-threshold=1', '--interrupt-budget-factor-for-feedback-allocation=4']) setFlagsFromString(flag);

const { OcppServer } = await import('./ocpp-server.js');
const { versions } = await import('@ohmnibus/ocpp');

const server = new OcppServer({
  address: { host: '127.0.0.1', port: 0, shared: false },
  idleSeconds: 60,
  frameLimitBytes: 65_536,
  proxies: new TrustedProxies([]),
  certificateHeaders: { certificate: 'x-certificate', verdict: 'x-verdict' },
  admit: ({ version = versions.v16 }) => new Promise((resolve) => setImmediate(() => resolve({ version }))),
  refused: () => undefined,
  accept: (_arrival, _entry, socket) => ({ frame: (bytes) => void socket.send(bytes.toString()), closed: () => undefined }),
});
process.on('SIGTERM', () => server.close());
process.stdout.write(`port ${await server.listen()}\n`);
