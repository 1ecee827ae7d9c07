/**
 * What a service's node is started with. Every message makes a few short-lived objects; a young generation of this size (MiB) is collected a
 * quarter as often as the default one, and what survives by accident is less. It costs memory only under load.
 */
export const nodeOptions = '--max-semi-space-size=64';
