const [unit] = require('./jest.config.cjs').projects;

/** The tests of contract and policy engine alone, as one project: what Stryker runs. */
module.exports = {
  ...unit,
  rootDir: __dirname,
  testMatch: ['<rootDir>/__tests__/{contract,checks/policy}/**/*.test.ts'],
  // Proves by enumeration what is not mutated, too slowly to run for each mutant.
  testPathIgnorePatterns: [...unit.testPathIgnorePatterns, 'glob.test.ts'],
};
