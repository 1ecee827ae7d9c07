import { loadConfig, runService } from '@ohmnibus/runtime';
import { config as definition } from './config.js';
import { startService } from './start-service.js';

const config = loadConfig(definition);

await runService({
  name: 'api',
  config,
  start: (context) => startService(config, context),
  stopTimeoutMs: config.API_STOP_GRACE_SECONDS * 1000 + 10_000,
});
