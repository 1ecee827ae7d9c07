import { loadConfig, runService } from '@ohmnibus/runtime';
import { config } from './config.js';
import { startTransactionService } from './start-transaction-service.js';

const settings = loadConfig(config);
await runService({ name: 'transaction', config: settings, start: (context) => startTransactionService(settings, context) });
