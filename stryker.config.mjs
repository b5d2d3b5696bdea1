/** Mutation testing of what every verdict rests on: `npx stryker run`. Not part of .ci/run: it takes an hour and more on two cores. */
process.env.PROPERTY_RUNS ??= '20';

export default {
  testRunner: 'jest',
  jest: {
    projectType: 'custom',
    configFile: 'jest.unit.config.cjs',
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // glob.ts is proven by enumeration (__tests__/checks/policy/glob.test.ts), which is too slow to run for each mutant.
  mutate: [
    'contract/**/*.ts',
    'checks/policy/**/*.ts',
    '!config/file/generated.ts',
    '!checks/policy/glob.ts',
  ],
  // Texts are for people; tests of behaviour need not pin each of them.
  mutator: { excludedMutations: ['StringLiteral'] },
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, reportTests: false },
  // A static mutant would run every test.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 15_000,
  disableTypeChecks: false,
  // TypeScript 7 has no compiler API with which Stryker could rewrite the real one.
  tsconfigFile: 'none.json',
};
