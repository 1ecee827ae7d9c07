export * from './answer-call.js';
export * from './call-error.js';
export * from './catalogue.js';
export * from './frame.js';
export * from './frame-fault.js';
export * from './hidden.js';
export * from './messages-page.js';
export * from './secrets.js';
export type { FromStation, ToStation, Verdict } from './message.js';
