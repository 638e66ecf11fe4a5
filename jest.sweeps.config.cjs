/** The long tests, which `npm run check` runs after the others. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/tests/sweeps/**/*.test.ts'],
  testPathIgnorePatterns: [],
  // Ten times what the longest of them needs on a quiet machine.
  testTimeout: 300_000,
};
