/** The Terraform that findings propose is valid for the real provider, and says what it is meant to say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { literal } from '../../checks/remedy/hcl';
import { RULES } from '../../checks/rules';
import {
  allowAltr,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  lifecycle,
  put,
  trust,
} from '../checks/rules/builders';
import { findingsOf } from '../checks/rules/support';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const SET_UPS = [
  ...RULES.map(({ metadata }) => metadata.examples.violating.setUp),
  beside(put(), put({ Action: 's3:GetObject' })),
  boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
  bucketPolicy(denyAll()),
  bucketPolicy(
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:Get*',
      Resource: 'arn:aws:s3:::acme-altr-audit-logs/${aws:userid}',
    },
    denyAll({ Bool: { 'aws:SecureTransport': 'false' } }),
  ),
  trust(
    allowAltr({ Condition: undefined }),
    allowAltr({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ),
  { attachedPolicies: { 'acme.s3.policy': { Statement: [put(), put({ Action: 's3:*' })] } } },
  { kmsKey: { keyState: 'PendingDeletion' } },
  lifecycle({
    expiration: { days: 1 },
    transitions: [{ days: 30, storageClass: 'STANDARD_IA' }],
    filter: { prefix: 'a/', tags: [{ key: 'cost-center', value: '7' }] },
  }),
];

describeOnRealParts('Terraform that findings propose', ['terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-changes-'));
  const inFolder = (...args: string[]) =>
    terraform([...args, '-no-color'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        TF_CLI_CONFIG_FILE: terraformCliConfig(),
        CHECKPOINT_DISABLE: '1',
      },
    });

  afterEach(() => rmSync(join(folder, 'main.tf')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is valid, formatted HCL of the real provider', async () => {
    const proposals = new Set(
      SET_UPS.flatMap((setUp) => findingsOf(setUp)).flatMap(
        ({ remediation }) => remediation?.terraform ?? [],
      ),
    );
    expect(proposals.size).toBeGreaterThan(15);
    let count = 0;
    const blocks = [...proposals]
      .filter((text) => !text.startsWith('provider'))
      // Each is a change of one configuration; here all of them stand in one.
      .map((text) =>
        text
          .replaceAll(
            /^resource "(\w+)" "([\w-]+)"/gm,
            (_, type, label) => `resource "${type}" "${label}_${count++}"`,
          )
          .replaceAll(/from = (\w+)\.altr/g, (_, type) => `from = ${type}.gone_${count++}`),
      );
    const head =
      'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n\ndata "aws_iam_policy_document" "trust" {}\n';
    writeFileSync(join(folder, 'main.tf'), `${[head, ...blocks].join('\n')}\n`);
    await inFolder('fmt', '-check', '-diff');
    await inFolder('init', '-input=false');
    await inFolder('validate');
  }, 120_000);

  test('says the same as the JSON that it is made from, whatever is in it', async () => {
    const values = fc.sample(fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme-ascii' }), {
      numRuns: 60,
      seed: 7,
    });
    values.push('${aws:userid}', '%{ if true }', '$${x}', 'a"b\\c\n\u0008\u000c', {
      'aws:PrincipalArn': ['a'],
      'x y': {},
    });
    const texts = values.map((value) => JSON.stringify(value));
    const outputs = values.map(
      (value, index) => `output "o${index}" {\n  value = jsonencode(${literal(value, 1)})\n}\n`,
    );
    writeFileSync(join(folder, 'main.tf'), outputs.join('\n'));
    await inFolder('init', '-input=false');
    await inFolder('apply', '-input=false', '-auto-approve');
    const { stdout } = await inFolder('output', '-json');
    const seen = JSON.parse(stdout) as Record<string, { value: string }>;
    expect(texts.map((_, index) => JSON.parse(seen[`o${index}`]?.value ?? ''))).toEqual(
      texts.map((text) => JSON.parse(text)),
    );
  }, 120_000);
});
