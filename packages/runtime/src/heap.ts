import { setFlagsFromString } from 'node:v8';

/**
 * What a service's node is started with. Every message makes a few short-lived objects; a young generation of this size (MiB) is collected a
 * quarter as often as the default one, and what survives by accident is less. It costs memory only under load.
 */
export const nodeOptions = '--max-semi-space-size=64';

/**
 * Flags of V8, which NODE_OPTIONS does not take. V8 marks the whole heap as soon as less than a young generation is left until its limit. With a
 * young generation like ours and a heap as small as a service's that is nearly always so: several times a second, for garbage that would have gone
 * with the young generation. With these it waits until most of the room is used, in percent.
 */
export const heapFlags = ['--incremental-marking-soft-trigger=80', '--incremental-marking-hard-trigger=95'] as const;

/** Gives this process {@link heapFlags}: V8 looks at them whenever it decides. */
export function setHeapFlags(): void {
  for (const flag of heapFlags) setFlagsFromString(flag);
}
