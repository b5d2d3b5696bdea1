/**
 * The audit of plans and states on hand-written Terraform of many habits: each shape stands in a tight twin, which does
 * what the vendor's page asks, and a loose one. Real Terraform, real provider; one root module for all.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { observeLive } from '../../checks/observe/live';
import type { Observation } from '../../checks/observe/observation';
import { observePlan } from '../../checks/observe/terraform';
import type { ExportReport, FindingStatus } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { contractFor } from '../../contract/contract';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { ALL_BLOCKED } from './support/set-up';
import { terraform, terraformCliConfig } from './support/terraform';

const SHAPES = join(__dirname, 'terraform-shapes');
const ALTR = '111122223333';
const CLIENT = 'shape-client';

/** Rules that fail or are unknown. */
interface Verdicts {
  readonly fail?: readonly string[];
  readonly unknown?: readonly string[];
}

const COMPLIANT: Verdicts = {};
const fails = (...fail: string[]): Verdicts => ({ fail });
const unknown = (verdicts: Verdicts, ...rules: string[]): Verdicts => ({ ...verdicts, unknown: rules });
/** The block of a bucket that is there already is not known if no resource sets it. */
const butBlock = (verdicts: Verdicts = {}) => unknown(verdicts, 'bucket-public-access');
const butAccount = butBlock;
/** Everything about the role’s policies. */
const PERMISSIONS = ['permissions-action-scope', 'permissions-put-object', 'permissions-resource-scope'];
/** Nothing can be told of what AWS names by itself. */
const NOT_NAMED: Verdicts = {
  unknown: [
    'bucket-encryption-delivery',
    'bucket-exists',
    'bucket-foreign-access',
    'bucket-public-access',
    'bucket-region',
    'logs-kept',
    'logs-stay',
    'role-exists',
    'role-name-prefix',
    'trust-action',
    'trust-external-id',
    'trust-principal',
    'trust-usable',
    ...PERMISSIONS,
  ].sort(),
};
/** A key’s ARN, and so every document that names it, is known after the apply. */
const KEY_NOT_NAMED: Verdicts = {
  unknown: ['bucket-encryption-delivery', 'logs-stay', ...PERMISSIONS].sort(),
};
/** Nothing but its region is known of a bucket that a data source found. */
const FOUND_BUCKET = [
  'bucket-encryption-delivery',
  'bucket-exists',
  'bucket-foreign-access',
  'logs-kept',
  'logs-stay',
  ...PERMISSIONS,
  'plan-keeps-logs',
];
const ARNS_NOT_KNOWN: Verdicts = { unknown: PERMISSIONS };

/** What each shape comes to before the first apply, and after it by its state. */
const EXPECTED: Readonly<Record<string, { tight: [Verdicts, Verdicts]; loose: [Verdicts, Verdicts] }>> = {
  'attachments-exclusive': {
    tight: [COMPLIANT, butBlock()],
    loose: [fails('permissions-action-scope'), butBlock(fails('permissions-action-scope'))],
  },
  count: {
    tight: [COMPLIANT, COMPLIANT],
    loose: [fails('bucket-foreign-access'), fails('bucket-foreign-access')],
  },
  'for-each': {
    tight: [COMPLIANT, butBlock()],
    loose: [fails('permissions-action-scope'), butBlock(fails('permissions-action-scope'))],
  },
  'inline-policy-blocks': {
    tight: [COMPLIANT, COMPLIANT],
    loose: [fails('permissions-action-scope'), fails('permissions-action-scope')],
  },
  'kms-key': {
    tight: [KEY_NOT_NAMED, butBlock()],
    loose: [KEY_NOT_NAMED, butBlock(fails('bucket-encryption-delivery'))],
  },
  'legacy-bucket': {
    tight: [COMPLIANT, COMPLIANT],
    loose: [butAccount(fails('bucket-public-access')), butAccount(fails('bucket-public-access'))],
  },
  'managed-policy-arns': {
    tight: [ARNS_NOT_KNOWN, butBlock()],
    loose: [ARNS_NOT_KNOWN, butBlock(fails('permissions-action-scope'))],
  },
  'name-prefix': { tight: [NOT_NAMED, butBlock()], loose: [NOT_NAMED, butBlock(fails('trust-external-id'))] },
  'nested-modules': {
    tight: [COMPLIANT, COMPLIANT],
    loose: [butAccount(fails('permissions-action-scope')), butBlock(fails('permissions-action-scope'))],
  },
  'policy-and-attachment': {
    tight: [COMPLIANT, butBlock()],
    // One policy's name contains the other's, so which of them an ARN is of is known after the apply.
    loose: [
      unknown(fails('permissions-action-scope', 'permissions-resource-scope'), ...PERMISSIONS),
      butBlock(fails('permissions-action-scope', 'permissions-resource-scope')),
    ],
  },
  'policy-attachment': {
    tight: [COMPLIANT, butBlock()],
    loose: [fails('permissions-resource-scope'), butBlock(fails('permissions-resource-scope'))],
  },
  'policy-documents': {
    tight: [COMPLIANT, butBlock()],
    loose: [fails('trust-external-id'), butBlock(fails('trust-external-id'))],
  },
  'role-policy-heredoc': {
    tight: [COMPLIANT, butBlock()],
    loose: [fails('permissions-action-scope'), butBlock(fails('permissions-action-scope'))],
  },
};

const TWINS = Object.keys(EXPECTED).flatMap((shape) => [`${shape}-tight`, `${shape}-loose`]);

describeOnRealParts('plans and states of other people’s Terraform', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-shapes-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;

  const run = (...args: string[]) => terraform(args, { cwd: folder, env });
  const show = async (...args: string[]) => (await run('show', '-json', ...args)).stdout;
  const plan = async (name: string, ...args: string[]) => {
    await run('plan', '-input=false', '-no-color', `-out=${name}`, ...args);
    return show(name);
  };

  let first: string;
  let state: string;
  let live: Observation;
  let next: string;
  /** Names that AWS completed, by the twin’s name. */
  const completed = new Map<string, { bucket: string; roleName: string }>();

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig() };
    cpSync(SHAPES, join(folder, 'shapes'), { recursive: true });
    writeFileSync(join(folder, 'main.tf'), root(TWINS));
    await run('init', '-input=false', '-no-color');
    first = await plan('first');
    await run('apply', '-input=false', '-no-color', 'first');
    state = await show();
    for (const twin of ['name-prefix-tight', 'name-prefix-loose']) {
      const names = JSON.parse(state).values.root_module.child_modules as Named[];
      const module = names.find(({ address }) => address === `module.${twin}`);
      const of = (type: string) => module?.resources.find((resource) => resource.type === type)?.values;
      completed.set(twin, {
        bucket: of('aws_s3_bucket')?.bucket ?? '',
        roleName: of('aws_iam_role')?.name ?? '',
      });
    }
    const targets = TWINS.map((twin) => ({ ...definition(twin), ...completed.get(twin) }));
    await blockAsAwsDoes(
      emulator.url,
      targets.map(({ bucket }) => bucket),
    );
    live = await withEnvironment(emulator.env, () => observeLive(targets, { altrAccountId: ALTR }));
    await changeByHand(emulator.url);
    writeFileSync(join(folder, 'main.tf'), SECOND);
    await run('init', '-input=false', '-no-color');
    next = await plan('next', '-replace=module.policy-documents-tight.aws_iam_role.this');
  }, 300_000);

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const of = (json: string, twin: string, names = completed.get(twin)) => verdicts(audit(json, twin, names));

  test('every shape has its case', () => {
    expect(readdirSync(SHAPES).filter((name) => name !== 'existing-role')).toEqual(Object.keys(EXPECTED));
  });

  test.each(TWINS)('%s before the first apply', (twin) => {
    const [shape = '', tightness = ''] = [twin.slice(0, -6), twin.slice(-5)];
    expect(of(first, twin, undefined)).toEqual(EXPECTED[shape]?.[tightness as 'tight' | 'loose'][0]);
  });

  test.each(TWINS)('%s by the state after it', (twin) => {
    const [shape = '', tightness = ''] = [twin.slice(0, -6), twin.slice(-5)];
    expect(of(state, twin)).toEqual(EXPECTED[shape]?.[tightness as 'tight' | 'loose'][1]);
  });

  test.each(TWINS)('%s: the state agrees with the account, and the plan was not milder', (twin) => {
    const target = { ...definition(twin), ...completed.get(twin) };
    const [planned, stated, seen] = [
      statuses(audit(first, twin)),
      statuses(audit(state, twin, target)),
      statuses(judged(live, target, [])),
    ];
    const rules = [...stated.keys()].filter((rule) => seen.has(rule));
    expect(rules.length).toBeGreaterThan(10);
    const disagree = rules.filter((rule) => {
      const known = stated.get(rule) !== 'unknown';
      return known && stated.get(rule) !== seen.get(rule);
    });
    expect(disagree.map((rule) => `${rule}: ${stated.get(rule)}, in the account ${seen.get(rule)}`)).toEqual(
      [],
    );
    const milder = rules.filter((rule) => seen.get(rule) === 'fail' && planned.get(rule) === 'pass');
    expect(milder).toEqual([]);
  });

  test('what is known after apply says so', () => {
    const { findings } = audit(first, 'kms-key-tight');
    const unknown = findings.filter(({ status }) => status === 'unknown');
    for (const { message } of unknown)
      expect(message).toMatch(/is known after apply, says the file\b|\$\{known after apply\}/);
  });

  describe('the next plan, of what is there already, with the account’s public access block', () => {
    test.each<[what: string, twin: string, Verdicts]>([
      ['a module that was moved', 'for-each-tight', COMPLIANT],
      [
        'a module that is taken away',
        'policy-attachment-tight',
        fails('bucket-exists', 'plan-keeps-logs', 'role-exists'),
      ],
      ['a policy that is tightened in place', 'role-policy-heredoc-loose', COMPLIANT],
      ['an attachment that is taken away', 'policy-and-attachment-loose', COMPLIANT],
      [
        'an attachment that is added',
        'policy-and-attachment-tight',
        fails('permissions-action-scope', 'permissions-resource-scope'),
      ],
      [
        'a role that is replaced, whose policy names it by a name that stays',
        'policy-documents-tight',
        unknown(COMPLIANT, ...PERMISSIONS),
      ],
      [
        'a policy that was put by hand, which the refresh saw',
        'attachments-exclusive-tight',
        fails('permissions-action-scope'),
      ],
      [
        'a role and a bucket that are imported, with a policy that was put by hand',
        'imported',
        fails('permissions-action-scope'),
      ],
      // Their buckets are made while others' are destroyed: one of those may be what the export's replaces.
      [
        'a role that a data source found',
        'existing-role-tight',
        { unknown: [...PERMISSIONS, 'plan-keeps-logs'] },
      ],
      [
        'a role that a data source found, with a policy that is too much',
        'existing-role-loose',
        { fail: ['permissions-action-scope'], unknown: [...PERMISSIONS, 'plan-keeps-logs'] },
      ],
      [
        'a bucket that a data source found, of which only the name is known',
        'found',
        { unknown: FOUND_BUCKET },
      ],
    ])('%s', (_what, twin, expected) => {
      expect(of(next, twin)).toEqual(expected);
    });

    test('other roles for ALTR are found among those that Terraform knows; of the rest it says nothing', () => {
      const undeclared = (json: string, declared: readonly string[]) =>
        audit(json, 'count-tight', undefined, declared).findings.filter(
          ({ rule }) => rule === 'undeclared-altr-role',
        );
      const all = [...TWINS.map((twin) => definition(twin).roleName), ...roleNames(completed)];
      expect(undeclared(state, all)).toEqual([]);
      const but = all.filter((name) => !name.includes('for-each-loose'));
      expect(undeclared(state, but).map(({ status, resource }) => [status, resource])).toEqual([
        ['fail', 'arn:aws:iam::123456789012:role/ALTRPublishSIEMData-for-each-loose'],
      ]);
      // Not there yet, and found all the same; of two others the names are known after apply.
      expect(
        undeclared(first, but)
          .map(({ status }) => status)
          .sort(),
      ).toEqual(['fail', 'unknown', 'unknown']);
    });
  });
});

interface Named {
  readonly address: string;
  readonly resources: readonly { type: string; values: { name?: string; bucket?: string } }[];
}

const trust = (twin: string) => JSON.stringify(contractFor(definition(twin)).trust);

function roleNames(completed: ReadonlyMap<string, { roleName: string }>): string[] {
  return [...completed.values()].map(({ roleName }) => roleName);
}

const PROVIDER = 'provider "aws" {\n  region            = "us-east-1"\n  s3_use_path_style = true\n}\n';

function call(twin: string, loose = twin.endsWith('loose'), label = twin): string {
  const source = twin.replace(/-(tight|loose)$/, '');
  const lines = [
    `module "${label}" {`,
    `  source = "./shapes/${source}"`,
    `  name   = "${twin}"`,
    `  loose  = ${loose}`,
    `  trust  = ${JSON.stringify(trust(twin))}`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function root(twins: readonly string[]): string {
  return PROVIDER + twins.map((twin) => call(twin)).join('');
}

/** The configuration of the next plan: only what is looked at, moved, taken away, tightened, loosened, imported. */
const SECOND = `${PROVIDER}
${call('for-each-tight', false, 'renamed')}
moved {
  from = module.for-each-tight
  to   = module.renamed
}
${call('role-policy-heredoc-loose', false)}
${call('policy-and-attachment-loose', false)}
${call('policy-and-attachment-tight', true)}
${call('policy-documents-tight')}
${call('attachments-exclusive-tight')}
${call('existing-role-tight')}
${call('existing-role-loose')}
resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
data "aws_s3_bucket" "found" {
  bucket = "shape-found"
}
resource "aws_iam_role" "found" {
  name               = "ALTRPublishSIEMData-found"
  assume_role_policy = ${JSON.stringify(trust('found'))}
}
resource "aws_iam_role" "imported" {
  name               = "ALTRPublishSIEMData-imported"
  assume_role_policy = ${JSON.stringify(trust('imported'))}
}
import {
  to = aws_iam_role.imported
  id = "ALTRPublishSIEMData-imported"
}
resource "aws_s3_bucket" "imported" {
  bucket = "shape-imported"
}
import {
  to = aws_s3_bucket.imported
  id = "shape-imported"
}
`;

/** Roles and a bucket that nobody’s Terraform made, and a policy beside what Terraform made. */
async function changeByHand(endpoint: string): Promise<void> {
  const at = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  const iam = new IAMClient(at);
  for (const twin of ['imported', 'existing-role-tight', 'existing-role-loose']) {
    const RoleName = definition(twin).roleName;
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(twin) }));
  }
  for (const twin of ['imported', 'attachments-exclusive-tight']) {
    const { roleName: RoleName, bucket } = definition(twin);
    const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: `arn:aws:s3:::${bucket}/*` });
    const document = { Version: '2012-10-17', Statement: ['s3:PutObject', 's3:GetObject'].map(statement) };
    const PolicyDocument = JSON.stringify(document);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'by-hand', PolicyDocument }));
  }
  const s3 = new S3Client({ ...at, forcePathStyle: true });
  for (const Bucket of ['shape-imported', 'shape-found']) await s3.send(new CreateBucketCommand({ Bucket }));
}

/** AWS blocks public access of every new bucket (Amazon S3 User Guide, "Blocking public access"); the emulator does not. */
async function blockAsAwsDoes(endpoint: string, buckets: readonly string[]): Promise<void> {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  for (const Bucket of buckets) {
    const isSet = await s3.send(new GetPublicAccessBlockCommand({ Bucket })).then(
      () => true,
      () => false,
    );
    if (isSet) continue;
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }));
  }
}

function definition(name: string) {
  return {
    name,
    altrAccountId: ALTR,
    clientId: CLIENT,
    bucket: `shape-${name}`,
    region: 'us-east-1',
    roleName: `ALTRPublishSIEMData-${name}`,
  };
}

function audit(
  json: string,
  twin: string,
  names?: { bucket: string; roleName: string },
  declared?: readonly string[],
): ExportReport {
  const target = { ...definition(twin), ...names };
  return judged(observePlan(json, 'the file', [target]), target, declared);
}

function judged(
  observation: Observation,
  target: ReturnType<typeof definition>,
  declared?: readonly string[],
): ExportReport {
  const everything = observation.accounts.flatMap(({ roles }) =>
    roles.state === 'value' ? roles.value : [],
  );
  const [report] = judge(observation, {
    contracts: [contractFor(target)],
    declaredRoles: (declared ?? everything.map(({ name }) => name)).map((roleName) => ({ roleName })),
  });
  if (!report) throw new Error('nothing was judged');
  return report;
}

/** The worst that each rule reports. */
function statuses({ findings }: ExportReport): Map<string, FindingStatus> {
  const worst: FindingStatus[] = ['fail', 'unknown', 'advice', 'pass'];
  return new Map(
    findings.map(({ rule }) => {
      const reported = findings.filter((found) => found.rule === rule).map(({ status }) => status);
      const status = worst.find((one) => reported.includes(one)) ?? 'unknown';
      return [rule, status === 'advice' ? 'pass' : status];
    }),
  );
}

async function withEnvironment<T>(env: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = process.env;
  process.env = { ...env };
  try {
    return await run();
  } finally {
    process.env = before;
  }
}

function verdicts({ findings }: ExportReport): Verdicts {
  const of = (status: FindingStatus) =>
    [...new Set(findings.filter((found) => found.status === status).map(({ rule }) => rule))].sort();
  const [fail, unknown] = [of('fail'), of('unknown')];
  return { ...(fail.length > 0 ? { fail } : {}), ...(unknown.length > 0 ? { unknown } : {}) };
}
