/** `altr-export handoff`, run as a user runs it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handoff } from '../../contract/handoff';
import { altrExport, ROOT } from './support/command';

const env = { PATH: process.env.PATH ?? '' };
const EXAMPLE = join(ROOT, 'examples', 'altr-exports.yaml');
const handoff = (...args: string[]) => altrExport(['handoff', '--config', EXAMPLE, ...args], { env });

test('as JSON holds every field for one export', async () => {
  const { code, stdout } = await handoff('acme-emea', '--account-id', '210987654321', '--format', 'json');
  const parsed = JSON.parse(stdout) as { exports: (Handoff & { name: string })[] };
  expect(code).toBe(0);
  expect(parsed.exports.map(({ name, fields, toggles }) => ({ name, fields, toggles }))).toEqual([
    {
      name: 'acme-emea',
      fields: [
        { label: 'S3 Bucket Name', value: 'acme-altr-audit-logs-emea' },
        { label: 'ARN for IAM Role', value: 'arn:aws:iam::210987654321:role/ALTRPublishSIEMDataAcmeEmea' },
      ],
      toggles: [
        expect.objectContaining({ label: 'Alerts' }),
        expect.objectContaining({ label: 'Query Audits' }),
      ],
    },
  ]);
});

test('without a name covers every export, as text and as Markdown', async () => {
  expect((await handoff()).stdout.match(/^acme-.*$/gm)).toEqual(['acme-prod', 'acme-emea']);
  expect((await handoff('--format', 'markdown')).stdout.match(/^## .*$/gm)).toEqual([
    '## acme-prod',
    '## acme-emea',
  ]);
});

describe('an account that the config declares', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-handoff-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'c.yaml');
  writeFileSync(config, `${readFileSync(EXAMPLE, 'utf8')}    accountId: "210987654321"\n`);

  test('is that of the role’s ARN', async () => {
    const { stdout } = await handoff('acme-emea', '--config', config);
    expect(stdout).toContain('arn:aws:iam::210987654321:role/ALTRPublishSIEMDataAcmeEmea');
    expect(stdout).not.toContain('<your account>');
  });

  test('is not overridden', async () => {
    const { code, stderr } = await handoff('acme-emea', '--config', config, '--account-id', '123456789012');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        '--account-id 123456789012 is not the account of export acme-emea, which is in 210987654321 by the config; leave it out\n',
    });
  });
});

test.each([
  ['a name that no export has', ['acme-prd'], /^no export is named "acme-prd"; did you mean acme-prod\?\n$/],
  ['an account ID that is none', ['--account-id', '1234'], /^--account-id "1234" must be the 12 digits/],
  ['an unknown format', ['--format', 'html'], /Allowed choices are text, json, markdown/],
])('refuses %s', async (_why, args, says) => {
  const { code, stdout, stderr } = await handoff(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(says);
});
