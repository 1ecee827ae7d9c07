/** One run for the whole workspace: tests stand beside what they test, and in test/. Workspace imports resolve to the built packages. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/{packages,services,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.data/'],
  modulePathIgnorePatterns: ['/\\.data/', '/\\.turbo/'],
  // Far beyond what a test needs: what a test waits for has limits of its own, which tell more.
  testTimeout: 120_000,
  // Starts a Postgres when the first test file asks for one.
  globalSetup: '<rootDir>/packages/testkit/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testkit/jest-global-teardown.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
