import { loadConfig, runService } from '@ohmnibus/runtime';
import { commandConfig } from './config.js';
import { startService } from './start-service.js';

const config = loadConfig(commandConfig);

await runService({
  name: 'command',
  config,
  start: (context) => startService(config, context),
  stopTimeoutMs: config.COMMAND_STOP_GRACE_SECONDS * 1000 + 10_000,
});
