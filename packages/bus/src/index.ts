export { Bus, type BusOptions, type Serving } from './bus.js';
export { EventStream, subjectOf, type RefusedEvent, type WrittenEvent } from './event-stream.js';
export { EventSubscription, type EventSubscriptionOptions } from './event-subscription.js';
export type { Receiver } from './packed-asker.js';
export { retireSubscription } from './retire-subscription.js';
export { escapeToken } from './subject.js';
