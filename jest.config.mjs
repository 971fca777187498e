/** Tests are ES modules, compiled by swc; nothing is mocked, so the vm modules flag is all they need. */
export default {
  testEnvironment: '<rootDir>/tests/support/environment.ts',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/tests/support/jest-setup.ts',
  globalTeardown: '<rootDir>/tests/support/jest-teardown.ts',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.darkroom', '<rootDir>/.serverless'],
  testTimeout: 120_000,
  maxWorkers: 2,
};
