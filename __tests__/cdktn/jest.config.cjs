const [unit] = require('../../jest.config.cjs').projects;

const install = '<rootDir>/__tests__/cdktn/node_modules';

/** The synth tests once more, with CDK Terrain in the place of CDKTF. */
module.exports = {
  ...unit,
  displayName: 'cdktn',
  rootDir: `${__dirname}/../..`,
  testMatch: ['<rootDir>/__tests__/modules/**/*.test.ts', '<rootDir>/__tests__/cdktn/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  moduleNameMapper: {
    '^cdktf$': `${install}/cdktn`,
    '^@cdktf/provider-aws/(.*)$': `${install}/@cdktn/provider-aws/$1`,
    '^constructs$': `${install}/constructs`,
  },
};
