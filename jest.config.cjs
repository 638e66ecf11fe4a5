/** The tests of `npm test`: everything but the long sweeps. */
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/tests/sweeps/'],
  // The tests start the built Functions.
  globalSetup: '<rootDir>/tests/support/build.ts',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }] },
  testTimeout: 60_000,
  // Most of a test is waiting for the servers that it starts.
  maxWorkers: '100%',
};
