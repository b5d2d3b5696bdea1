/**
 * Imports run one way; docs/architecture.md says what each room does and may not do. Cycles of files are found by Biome
 * (noImportCycles), which can tell imports of types apart.
 */
const ROOMS = '(contract|config|logs|lambda|checks|modules|cli|package|scripts|bench|main\\.ts)';

const onlyTo = (from, allowed) => ({
  name: `${from.replaceAll('/', '-')}-imports-one-way`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: `^${ROOMS}`, pathNot: `^(${[`${from}/`, ...allowed].join('|')})` },
});

/** Packages, installed or not, in whichever `node_modules` they are found: in a git worktree it may be a link. */
const packages = (names) => `(^|node_modules/)(${names})(/|$)`;
const AWS = packages('@aws-sdk|@smithy');
const CDKTF = packages('cdktf|constructs|@cdktf');

/** What most parts of an audit may use: the contract, the config, and the words of observations and findings. */
const AUDIT = ['contract/', 'config/', 'checks/observe/observation', 'checks/verdict/finding'];

module.exports = {
  forbidden: [
    onlyTo('contract', []),
    onlyTo('config', ['contract/']),
    onlyTo('logs', ['config/']),
    onlyTo('lambda', ['logs/', 'config/']),
    // What is about to be emitted is judged by the auditor's own rules, and the auditor's role gets what its calls need.
    onlyTo('modules', [
      'contract/',
      'config/',
      'checks/verdict/',
      'checks/observe/terraform/',
      'checks/auditor-policy/',
    ]),
    onlyTo('checks', ['contract/', 'config/', 'logs/']),
    onlyTo('checks/policy', []),
    onlyTo('checks/observe', ['contract/', 'config/', 'logs/']),
    onlyTo('checks/evidence', [...AUDIT, 'checks/policy/']),
    onlyTo('checks/remedy', [...AUDIT, 'checks/policy/', 'checks/evidence/']),
    // The examples in a rule's metadata are described by what differs from the vendor's page.
    onlyTo('checks/rules', [
      ...AUDIT,
      'checks/policy/',
      'checks/evidence/',
      'checks/remedy/',
      'checks/pages/set-up',
    ]),
    onlyTo('checks/verdict', [
      ...AUDIT,
      'checks/policy/',
      'checks/evidence/',
      'checks/rules/',
      'checks/observe/declared-account',
    ]),
    onlyTo('checks/report', ['contract/', 'config/', 'checks/verdict/finding', 'checks/rules/rule']),
    onlyTo('checks/adopt', [...AUDIT, 'checks/policy/', 'checks/evidence/', 'checks/report/schema']),
    onlyTo('checks/auditor-policy', ['contract/', 'config/', 'checks/observe/live/api', 'checks/remedy/hcl']),
    onlyTo('checks/pages', [...AUDIT, 'checks/rules/', 'checks/verdict/', 'checks/observe/saved']),
    {
      name: 'nobody-imports-the-command-line',
      comment:
        'It may write to AWS on a user’s word; nothing that a check or a construct imports may reach it.',
      severity: 'error',
      from: { pathNot: '^cli/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nobody-imports-the-package',
      severity: 'error',
      from: { pathNot: '^package/' },
      to: { path: '^package/' },
    },
    {
      name: 'contract-and-config-know-no-cloud',
      comment: 'They are data and pure functions.',
      severity: 'error',
      from: { path: '^(contract|config)/' },
      to: { path: [CDKTF, AWS] },
    },
    {
      name: 'only-observe-reads-aws',
      severity: 'error',
      from: { path: '^(checks/(?!observe/live/)|logs/|modules/|main\\.ts|package/)' },
      // asff.ts imports a type alone, which the parser can't tell; __tests__/directions.test.ts can.
      to: { path: AWS, pathNot: '(^|/)@aws-sdk/client-securityhub/' },
    },
    {
      name: 'only-constructs-load-cdktf',
      severity: 'error',
      from: { pathNot: '^(modules|bench)/' },
      to: { path: CDKTF },
    },
    {
      name: 'contract-config-and-logs-do-no-io',
      comment: '`net` tells whether a text is an IP address.',
      severity: 'error',
      from: { path: '^(contract|config|logs)/', pathNot: '^config/file/(find|read)\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(buffer|crypto|net|zlib)$' },
    },
    {
      name: 'checks-do-no-io',
      severity: 'error',
      from: { path: '^checks/', pathNot: '^checks/(observe/live/|report/output\\.ts$)' },
      to: { dependencyTypes: ['core'], pathNot: '^(crypto|path|url)$' },
    },
  ],
  options: {
    // Packages are not followed, but stay in the graph: no rule sees what is excluded.
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdktf\\.out|docs|examples|__tests__|action|bin)(/|$)' },
    // TypeScript 7 has no compiler API for dependency-cruiser to call.
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
