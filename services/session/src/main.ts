import { loadConfig, runService } from '@ohmnibus/runtime';
import { config } from './config.js';
import { startSession } from './start-session.js';

const settings = loadConfig(config);
await runService({ name: 'session', config: settings, start: (context) => startSession(settings, context) });
