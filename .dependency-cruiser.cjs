/** Imports run one way; docs/architecture.md says why. */
const onlyTo = (from, allowed) => ({
  name: `${from.replaceAll('/', '-')}-imports-one-way`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(contract|modules|checks|logs|scripts|bench|main\\.ts)',
    pathNot: `^(${[`${from}/`, ...allowed].join('|')})`,
  },
});

module.exports = {
  forbidden: [
    onlyTo('contract', []),
    // What is about to be emitted is judged by the auditor's own rules, and the auditor's role gets what its calls need.
    onlyTo('modules', [
      'contract/',
      'logs/',
      'checks/judge',
      'checks/finding',
      'checks/observe/terraform/',
      'checks/auditor-policy',
    ]),
    onlyTo('logs', ['contract/']),
    onlyTo('checks/policy', []),
    // To look at what was delivered, it reads objects as the logs' own room says.
    onlyTo('checks/observe', ['contract/', 'logs/']),
    // From what was seen to an export of the config; pure.
    onlyTo('checks/adopt', [
      'contract/',
      'checks/policy/',
      'checks/rules/trust-callers',
      'checks/finding',
      // What it prints holds a report.
      'checks/report/schema',
      'checks/observe/observation',
    ]),
    onlyTo('checks/rules', ['contract/', 'checks/policy/', 'checks/finding', 'checks/observe/observation']),
    onlyTo('checks/report', ['contract/', 'checks/finding', 'checks/rules/rule', 'package.json']),
    {
      name: 'contract-knows-no-cloud',
      comment: 'The contract is data and pure functions.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: 'node_modules/(cdktf|constructs|@cdktf|@aws-sdk|@smithy)/' },
    },
    {
      name: 'only-its-own-command-writes',
      comment: 'A check must not reach what writes to AWS.',
      severity: 'error',
      from: { pathNot: '^(checks/test-access|checks/cli|__tests__)/' },
      to: { path: '^checks/test-access/' },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { pathNot: '^(checks/cli|bin|scripts|__tests__|bench)/' },
      to: { path: '^checks/cli/' },
    },
    {
      name: 'checks-never-load-cdktf',
      severity: 'error',
      from: { path: '^checks/(?!cli/)' },
      to: { path: 'node_modules/(cdktf|constructs|@cdktf)/|^modules/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdktf\\.out|node_modules/.*)$' },
    includeOnly: {
      path: '^(contract|modules|checks|logs|scripts|bench|main\\.ts|package\\.json|node_modules/(cdktf|constructs|@cdktf|@aws-sdk|@smithy))',
    },
    // TypeScript 7 has no compiler API for dependency-cruiser to call.
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
};
