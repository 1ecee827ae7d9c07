export * from './admin-server.js';
export * from './answer-station.js';
export * from './config.js';
export * from './log.js';
export * from './metrics.js';
export * from './provide.js';
export * from './run-service.js';
export * from './timings.js';
