const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
};
const common = {
  transform,
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

module.exports = {
  // The end-to-end suites mostly wait for other processes, so one more than there are cores keeps all of them busy.
  maxWorkers: Math.max(2, require('node:os').cpus().length + 1),
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
