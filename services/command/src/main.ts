import { loadConfig, runService } from '@ohmnibus/runtime';
import { config as definition } from './config.js';
import { startService } from './start-service.js';

const config = loadConfig(definition);

await runService({
  name: 'command',
  config,
  start: (context) => startService(config, context),
  stopTimeoutMs: config.COMMAND_STOP_GRACE_SECONDS * 1000 + 10_000,
});
