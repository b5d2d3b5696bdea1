import { exportHandoff } from '../../config/handoff';
import { roleOptionsSchema } from '../../config/options/role';
import { contractFor } from '../../contract/contract';
import { handoffFor } from '../../contract/handoff';
import { formatHandoff, handoffOutput, markdownHandoff } from '../../contract/handoff-format';
import { acme, role } from '../config/options/notes';

const abroad = contractFor({ ...acme, region: 'eu-west-1' });

describe('the portal hand-off', () => {
  test('as text says which field gets which value, then Test Access, then both toggles', () => {
    expect(formatHandoff(handoffFor({ bucket: 'acme-logs', region: 'us-east-1', roleArn: role }))).toBe(
      [
        'In ALTR’s portal: Settings → Preferences → Organization → S3 Integration',
        '  S3 Bucket Name    acme-logs',
        `  ARN for IAM Role  ${role}`,
        '  1. Click “Test Access” and wait for the success message. It does not notice a missing ExternalId condition: run the check for that.',
        '  2. Switch on “Alerts”, “Query Audits” or both.',
        '     Alerts        the System Audits that ALTR generates when a threshold is triggered',
        '     Query Audits  every query on sensitive data',
      ].join('\n'),
    );
  });

  test('as the output of a deployment says what to run before later applies, too', () => {
    const handoff = handoffFor({ bucket: 'acme-logs', region: 'us-east-1', roleArn: role });
    const [portal, later, ...more] = handoffOutput(handoff).split('\n\n');
    expect([portal, more]).toEqual([formatHandoff(handoff), []]);
    expect(later).toMatch(/^Before every later apply run altr-export check --plan: /);
  });

  test('as Markdown has the values alone in code spans', () => {
    expect(markdownHandoff('acme', exportHandoff(abroad, '123456789012'))).toBe(`## acme

In ALTR’s portal: Settings → Preferences → Organization → S3 Integration

| Field | Enter |
|---|---|
| S3 Bucket Name | \`acme-logs\` |
| ARN for IAM Role | \`${role}\` |

1. Click “Test Access” and wait for the success message. It does not notice a missing ExternalId condition: run the check for that.
2. Switch on “Alerts”, “Query Audits” or both.

- [ ] **Alerts**: the System Audits that ALTR generates when a threshold is triggered
- [ ] **Query Audits**: every query on sensitive data

> **Note:** The bucket is in eu-west-1. The vendor’s page says that the portal supports us-east-1 only and that other regions are configured by API: ask support@altr.com.

Ask ALTR support (support@altr.com) to configure the S3 integration by API, with these values:

| Value | Enter |
|---|---|
| S3 Bucket Name | \`acme-logs\` |
| ARN for IAM Role | \`${role}\` |
| Region | \`eu-west-1\` |`);
  });

  test('hints at the API outside us-east-1, and there alone', () => {
    expect(exportHandoff(acme)).not.toHaveProperty('regionHint');
    expect(exportHandoff(acme)).not.toHaveProperty('apiRoute');
    expect(exportHandoff(abroad).regionHint).toMatch(/eu-west-1.*us-east-1 only.*API.*support@altr\.com/);
    expect(exportHandoff(abroad).apiRoute?.values).toContainEqual({ label: 'Region', value: 'eu-west-1' });
  });

  test('says plainly that an account is not known, and nothing where it is', () => {
    const unknown = exportHandoff(acme);
    expect(unknown.fields[1]?.value).toBe('arn:aws:iam::<your account>:role/ALTRPublishSIEMDataAcme');
    expect(unknown.notes.join()).toMatch(/<your account> stands for.*--account-id/);
    expect(exportHandoff(acme, '123456789012')).toMatchObject({ fields: [{}, { value: role }], notes: [] });
  });

  test('has the partition and the path of the role in its ARN', () => {
    const china = contractFor({ ...acme, region: 'cn-north-1' });
    expect(
      exportHandoff(china, '123456789012', { role: roleOptionsSchema.parse({ path: '/altr/' }) }).fields[1]
        ?.value,
    ).toBe('arn:aws-cn:iam::123456789012:role/altr/ALTRPublishSIEMDataAcme');
  });
});
