/** Ends what jest-global-setup.mjs started. */
export default async function globalTeardown() {
  await globalThis.stopRunPostgres?.();
}
