export * from './binary-array.js';
export * from './database.js';
export * from './forget-old.js';
export * from './group-commit.js';
export * from './insert-new.js';
export * from './outbox.js';
export * from './generated/client.js';
