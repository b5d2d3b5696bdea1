const [unit] = require('./jest.config.cjs').projects;

/** The unit tests alone, as one project, without those that are slow by design: what Stryker runs. */
module.exports = {
  ...unit,
  rootDir: __dirname,
  testPathIgnorePatterns: [
    ...unit.testPathIgnorePatterns,
    'generated.test.ts',
    'large-documents.test.ts',
    'glob.test.ts',
    '/__tests__/(modules|report)/',
  ],
};
