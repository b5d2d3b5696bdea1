/** What a stack says of itself in its outputs is what the commands say of the same config. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../config/file/parse';
import { configOfOutputs } from '../../../config/file/terraform-output';
import { exportHandoff } from '../../../config/handoff';
import { feedConsumersOf } from '../../../config/options/log-feed';
import type { ExportInput } from '../../../config/schema';
import { definitionOf } from '../../../config/schema';
import { contractFor } from '../../../contract/contract';
import { handoffOutput } from '../../../contract/handoff-format';
import { synthesise } from '../../../modules/stack/synthesise';
import { GIVEN_KEY, MATRIX, MATRIX_ACCOUNT } from '../option-matrix';

const ANALYST = `arn:aws:iam::${MATRIX_ACCOUNT}:role/Analyst`;
const feeds = { splunkFeed: {}, alerts: { emails: ['a@example.com'] } };

const CASES: readonly (readonly [string, Partial<ExportInput>])[] = [
  ...MATRIX.map(({ name, options }) => [name, options] as const),
  ['feeds', feeds],
  ['feeds under a given key', { ...feeds, encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } }],
  [
    'feeds of an existing bucket, with everything left to the export',
    {
      ...feeds,
      existingBucket: true,
      existingBucketConfirmed: true,
      retention: { versioning: true },
      logEvents: { notification: true },
      role: { path: '/altr/', permissionsBoundary: `arn:aws:iam::${MATRIX_ACCOUNT}:policy/Boundary` },
    },
  ],
  ['a feed for whom its policy is attached to', { splunkFeed: { attachedTo: [ANALYST] } }],
];

test.each(CASES)('%s: by the stack as by the command', (_name, options) => {
  const entry = {
    name: 'acme',
    accountId: MATRIX_ACCOUNT,
    clientId: 'client-1',
    bucket: 'acme-logs',
    region: 'us-east-1',
    roleName: 'ALTRPublishSIEMDataAcme',
    ...options,
  };
  const text = JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports: [entry] });
  const { config } = parseConfig(text, 'altr-exports.json', 'provision');
  const [parsed] = config.exports;
  if (!parsed) throw new Error('no export');
  const handoff = exportHandoff(contractFor(definitionOf(config, parsed)), MATRIX_ACCOUNT, parsed);
  const role = handoff.fields[1]?.value ?? '';
  expect(role).toContain(MATRIX_ACCOUNT);

  const folder = mkdtempSync(join(tmpdir(), 'altr-handoff-'));
  try {
    synthesise(config, folder);
    const stack = JSON.parse(readFileSync(join(folder, 'stacks', 'acme', 'cdk.tf.json'), 'utf8')) as {
      output: { portal_handoff: { value: string }; altr_export: { value: { feeds?: readonly string[] } } };
    };
    const deployed = JSON.stringify(stack.output).replaceAll('${aws_iam_role.export_role.arn}', role);
    const [declared] = configOfOutputs([{ file: 'outputs.json', text: deployed }]).config.exports;
    const { preventDestroy: _, forceDestroy: __, alerts: ___, logEvents: ____, ...audited } = parsed;
    expect(declared).toMatchObject(audited);
    expect(stack.output.altr_export.value.feeds ?? []).toEqual(feedConsumersOf(parsed));
    const said = stack.output.portal_handoff.value.replaceAll('${aws_iam_role.export_role.arn}', role);
    expect(said).toBe(handoffOutput(handoff));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
