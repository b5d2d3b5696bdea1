/** What CDK Terrain emits from our constructs, beside what CDKTF emits. Runs with `npm run test:cdktn`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../config/file/read';
import { synthesise } from '../../modules/stack/synthesise';

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'altr-cdktn-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example's exports, and one with as many options as go together. */
const CONFIG = join(folder, 'altr-exports.yaml');
const OPTIONS = `
  - name: everything
    accountId: "123456789012"
    clientId: client-1
    bucket: acme-everything
    region: eu-west-1
    roleName: ALTRPublishSIEMDataEverything
    encryption: { type: kms, keyAlias: altr }
    retention: { versioning: true }
    bucketPolicy: { requireTls: true }
    replication:
      bucket: acme-everything-copy
      region: eu-central-1
      kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
    role: { path: /altr/, policyName: acme.s3.policy, maxSessionHours: 2 }
    tags: { team: security }
    adopt: { policyArn: "arn:aws:iam::123456789012:policy/altr/acme.s3.policy", bucketSettings: [encryption] }
`;
writeFileSync(CONFIG, readFileSync(join(ROOT, 'examples', 'altr-exports.yaml'), 'utf8').trimEnd() + OPTIONS);

type Stack = Record<string, unknown> & {
  '//': { metadata: { version: string } };
  terraform: { required_providers: { aws: { source: string; version: string } } };
};
const stacks = (outdir: string): Record<string, Stack> =>
  Object.fromEntries(
    readdirSync(join(outdir, 'stacks')).map((name) => [
      name,
      JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')),
    ]),
  );

/** Without what may differ: metadata, and where the provider comes from. */
const comparable = ({ '//': _, ...stack }: Stack) => {
  const { source, ...aws } = stack.terraform.required_providers.aws;
  return { ...stack, terraform: { ...stack.terraform, required_providers: { aws } } };
};

test('differs from CDKTF’s in metadata and the provider’s source alone', () => {
  const byCdktf = join(folder, 'cdktf');
  const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [tsx, join(ROOT, 'main.ts')], {
    // Local state lies in the working directory.
    cwd: process.cwd(),
    env: { PATH: process.env.PATH, ALTR_EXPORTS_CONFIG: CONFIG, CDKTF_OUTDIR: byCdktf },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const byCdktn = join(folder, 'cdktn');
  synthesise(readConfig('provision', CONFIG).config, byCdktn);

  const [before, after] = [stacks(byCdktf), stacks(byCdktn)];
  expect(Object.keys(before)).toEqual(['acme-emea', 'acme-prod', 'everything']);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, stack] of Object.entries(after)) {
    expect(comparable(stack)).toEqual(comparable(before[name] as Stack));
    // Without this the same library may have been compared with itself.
    expect(stack['//'].metadata.version).not.toBe(before[name]?.['//'].metadata.version);
  }
});
