/** What CDK Terrain emits from our constructs, beside what CDKTF emits. Runs with `npm run test:cdktn`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../contract/config/file';
import { synthesise } from '../../modules/synthesise';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'altr-exports.yaml');
const folder = mkdtempSync(join(tmpdir(), 'altr-cdktn-'));
afterAll(() => rmSync(folder, { recursive: true }));

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
    env: { PATH: process.env.PATH, ALTR_EXPORTS_CONFIG: EXAMPLE, CDKTF_OUTDIR: byCdktf },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const byCdktn = join(folder, 'cdktn');
  synthesise(readConfig('provision', EXAMPLE).config, byCdktn);

  const [before, after] = [stacks(byCdktf), stacks(byCdktn)];
  expect(Object.keys(before)).toEqual(['acme-emea', 'acme-prod']);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, stack] of Object.entries(after)) {
    expect(comparable(stack)).toEqual(comparable(before[name] as Stack));
    // Without this the same library may have been compared with itself.
    expect(stack['//'].metadata.version).not.toBe(before[name]?.['//'].metadata.version);
  }
});
