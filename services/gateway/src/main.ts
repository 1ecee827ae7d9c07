import { Bus } from '@ohmnibus/bus';
import { systemClock } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import { loadConfig, runService } from '@ohmnibus/runtime';
import { config } from './config.js';
import { Pod } from './pod.js';

const settings = loadConfig(config);

// Each frame is copied off the WebSocket library's memory. Node cuts such copies from pieces of 8 KiB, which hold six of the longer frames.
Buffer.poolSize = 64 * 1024;

await runService({
  name: 'gateway',
  config: settings,
  stopTimeoutMs: settings.DRAIN_SECONDS * 4_000,
  start: async ({ log, metrics }) => {
    const bus = await Bus.connect({ url: settings.NATS_URL, name: 'gateway', log: log.warn });
    const presence = await Presence.connect({ url: settings.REDIS_URL, log: log.warn });
    const pod = new Pod({ config: settings, bus, presence, clock: systemClock, log, metrics });
    const ocppPort = await pod.start();
    const tls = settings.TLS_CERTIFICATE_FILE !== undefined;
    if (tls) process.on('SIGHUP', () => void pod.reloadCertificate());
    return {
      listening: { ocppPort, ...(tls && { tlsPort: settings.TLS_PORT }), pod: pod.name },
      checks: {
        nats: () => {
          if (!bus.connected) throw new Error('not connected');
        },
        redis: () => presence.ping(),
      },
      stop: async () => {
        await pod.stop();
        await bus.close();
        await presence.close();
      },
    };
  },
});
