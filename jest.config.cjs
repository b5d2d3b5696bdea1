const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
};
const common = {
  transform,
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

module.exports = {
  // The end-to-end suites often wait for minutes without using a core, so more of them than there are cores run at once.
  maxWorkers: require('node:os').cpus().length + 2,
  testSequencer: '<rootDir>/__tests__/longest-first.cjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/e2e/', '<rootDir>/__tests__/cdktn/'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/e2e/support/build.ts',
      setupFiles: ['<rootDir>/__tests__/e2e/support/environment.ts'],
      setupFilesAfterEnv: ['<rootDir>/__tests__/e2e/support/timeouts.ts'],
    },
  ],
};
