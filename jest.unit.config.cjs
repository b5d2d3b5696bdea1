const [unit] = require('./jest.config.cjs').projects;

/** The unit tests alone, as one project: what Stryker runs. */
module.exports = {
  ...unit,
  rootDir: __dirname,
  testPathIgnorePatterns: [...unit.testPathIgnorePatterns, 'generated.test.ts'],
};
