/** What a step of `npm test` found. */
export interface Outcome {
  passed: number;
  /** One text per failure. Where jest has printed the details, its name. */
  failures: string[];
  skipped: { name: string; reason: string }[];
}

/** The part of jest's --json report that is read here. */
export interface JestReport {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Counts a jest run. A run without a report, without tests, or that failed in a way that no test shows, is a failure too; so is a skipped test without a reason. */
export function outcomeOfJest(report: JestReport | undefined, exitCode: number | null): Outcome {
  if (!report) return { passed: 0, failures: [`jest ended with ${exitCode ?? 'a signal'} and left no report`], skipped: [] };
  const failures: string[] = [];
  const skipped: Outcome['skipped'] = [];
  for (const file of report.testResults) {
    for (const { fullName, status } of file.assertionResults) {
      if (status === 'failed') failures.push(fullName);
      if (status !== 'pending' && status !== 'todo' && status !== 'disabled') continue;
      // A skipped test carries its reason in brackets at the end of its name (testUnless of the testkit).
      const [, name = fullName, reason] = /^(.*) \[(.+)\]$/.exec(fullName) ?? [];
      if (reason) skipped.push({ name, reason });
      else failures.push(`${fullName} (skipped without a reason)`);
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) failures.push(`${file.name} (could not be run)`);
  }
  if (report.numPassedTests === 0 && failures.length === 0) failures.push('jest ran no test');
  if (exitCode !== 0 && failures.length === 0) failures.push(`jest ended with ${exitCode ?? 'a signal'} though no test failed`);
  return { passed: report.numPassedTests, failures, skipped };
}

/** The last lines of `npm test`: every failure and every skipped test with its reason, then exactly one line of numbers. */
export function summary(outcomes: Outcome[]): string {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  return [
    ...skipped.map(({ name, reason }) => `skipped: ${name} (${reason})`),
    ...failures.map((failure) => `failed: ${failure}`),
    `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`,
  ].join('\n');
}
