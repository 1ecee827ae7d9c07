type Run = (name: string, body: () => void | Promise<void>, timeoutMs?: number) => void;

/**
 * Returns jest's `test`, or, given the reason why it cannot run here, its `test.skip` under a name that says so.
 * `npm test` prints the reason, and counts a skipped test without one as failed.
 */
export function testUnless(reason: string | false | undefined, test: Run & { skip: Run }): Run {
  return reason ? (name, body, timeoutMs) => test.skip(`${name} [${reason}]`, body, timeoutMs) : test;
}
