import { exportHandoff } from '../../config/handoff';
import { roleOptionsSchema } from '../../config/options/role';
import { contractFor } from '../../contract/contract';
import { handoffFor } from '../../contract/handoff';
import { formatHandoff, handoffOutput, markdownHandoff } from '../../contract/handoff-format';

const role = 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcme';
const acme = contractFor({
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
});
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

describe('what the options leave to others', () => {
  const notesFor = (options: Parameters<typeof exportHandoff>[2]) =>
    exportHandoff(acme, '123456789012', options).notes.join('\n');

  test('an existing key’s policy: the statement that it must hold', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/k';
    const note = notesFor({ encryption: { type: 'kms', kmsKeyArn } });
    expect(note).toContain(kmsKeyArn);
    expect(JSON.parse(note.slice(note.indexOf('{')))).toMatchObject({
      Effect: 'Allow',
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Condition: {
        StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
        ArnLike: { 'aws:PrincipalArn': [role] },
      },
    });
  });

  test('a permissions boundary: what ALTR’s role needs of it, with and without a key', () => {
    const permissionsBoundary = 'arn:aws:iam::123456789012:policy/b';
    const role = roleOptionsSchema.parse({ permissionsBoundary });
    const needs = 'role.permissionsBoundary must allow s3:PutObject on arn:aws:s3:::acme-logs/*';
    expect(notesFor({ role })).toBe(`${needs}: without that ALTR can’t write.`);
    expect(notesFor({ role, encryption: { type: 'kms' } })).toBe(
      `${needs}, and kms:GenerateDataKey and kms:Decrypt on the bucket’s key: without that ALTR can’t write.`,
    );
  });

  test('a default retention: a warning what it does to a writer without checksums', () => {
    const defaultRetention = { mode: 'GOVERNANCE' as const, days: 9 };
    expect(notesFor({ retention: { objectLock: true, defaultRetention } })).toMatch(
      /refuses a PutObject that carries neither Content-MD5/,
    );
  });

  test('an existing bucket, and a bucket for access logs', () => {
    expect(notesFor({ existingBucket: true })).toContain('must not deny the role s3:PutObject');
    expect(notesFor({ accessLogging: { bucket: 'access', prefix: '' } })).toContain(
      'must let logging.s3.amazonaws.com put objects',
    );
  });

  test('an existing key’s policy: everybody who uses it, those without a role in words', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/k';
    const { notes } = exportHandoff(acme, '123456789012', {
      encryption: { type: 'kms', kmsKeyArn },
      role: roleOptionsSchema.parse({ path: '/altr/' }),
      readers: [{ name: 'siem', trustedPrincipals: ['210987654321'], roleName: 'Siem' }, { name: 'own' }],
      splunkFeed: {},
      replication: {
        bucket: 'copy',
        region: 'eu-west-1',
        existingBucket: false,
        replicateDeletes: false,
        roleName: 'Copier',
      },
      alerts: { emails: [] },
    });
    const note = notes.find((text) => text.includes(kmsKeyArn)) ?? '';
    const used = (roles: unknown[]) => ({ Condition: { ArnLike: { 'aws:PrincipalArn': roles } } });
    expect(JSON.parse(note.slice(note.indexOf('[')))).toMatchObject([
      { Action: ['kms:GenerateDataKey', 'kms:Decrypt'] },
      {
        Action: ['kms:Decrypt'],
        ...used([
          'arn:aws:iam::123456789012:role/altr/Siem',
          expect.stringMatching(/^arn:aws:iam::123456789012:role\/altr\/[^/]*alert/),
        ]),
      },
      { Action: ['kms:Decrypt'], ...used(['arn:aws:iam::123456789012:role/altr/Copier']) },
    ]);
    expect(notes).toContain(
      'The policy of that key must also let those kms:Decrypt who get the reading policy of own, splunkFeed.',
    );
  });

  test('buckets for access logs, of originals and copies, and a second bucket of somebody else', () => {
    const replication = {
      bucket: 'copy',
      region: 'eu-west-1',
      existingBucket: false,
      replicateDeletes: false,
    };
    const target = (bucket: string) => ({ bucket, prefix: '' });
    const notes = notesFor({
      accessLogging: target('access'),
      replication: { ...replication, accessLogging: target('copy-access') },
    });
    expect(notes).toContain('access must let logging.s3.amazonaws.com put objects for arn:aws:s3:::acme');
    expect(notes).toContain(
      'copy-access must let logging.s3.amazonaws.com put objects for arn:aws:s3:::copy.',
    );
    expect(notesFor({ replication })).toBe('');
    expect(notesFor({ replication: { ...replication, existingBucket: true } })).toMatch(
      /^The bucket copy must have versioning on.*policy, lifecycle and logging stay its owner’s/,
    );
  });

  test('an existing key’s policy names those whom a policy is attached to, and then nothing is left to words', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/k';
    const [own, splunk] = ['Own', 'Splunk'].map((name) => `arn:aws:iam::123456789012:role/${name}`) as [
      string,
      string,
    ];
    const notes = notesFor({
      encryption: { type: 'kms', kmsKeyArn },
      readers: [{ name: 'own', attachedTo: [own] }],
      splunkFeed: { attachedTo: [splunk] },
    });
    expect(notes).toContain(JSON.stringify([own, splunk]));
    expect(notes).not.toContain('must also let those');
  });

  test('a boundary, and the other roles that get it', () => {
    const role = roleOptionsSchema.parse({ permissionsBoundary: 'arn:aws:iam::123456789012:policy/B' });
    expect(notesFor({ role })).not.toContain('as well');
    expect(
      notesFor({ role, readers: [{ name: 'siem', trustedPrincipals: ['210987654321'], roleName: 'Siem' }] }),
    ).toContain(
      '\nrole.permissionsBoundary bounds Siem as well: what it does not allow of their own policies, they can’t do.',
    );
  });

  test('settings of an existing bucket, each with what becomes of it', () => {
    const taken = (options: Parameters<typeof exportHandoff>[2]) =>
      exportHandoff(acme, '123456789012', options).notes.filter((note) =>
        note.includes('is Terraform’s now'),
      );
    const retention = { versioning: true };
    const accessLogging = { bucket: 'access', prefix: '' };
    expect(taken({ existingBucket: true })).toEqual([]);
    expect(taken({ retention, accessLogging })).toEqual([]);
    expect(
      taken({ existingBucket: true, retention, accessLogging, logEvents: { notification: true } }),
    ).toEqual([
      expect.stringMatching(/^retention\.versioning .*a destroy suspends its versioning/),
      expect.stringMatching(
        /^accessLogging .*an apply replaces its access logging, and a destroy removes it/,
      ),
      expect.stringMatching(/^logEvents\.notification .*an apply replaces its notifications/),
    ]);
  });

  test('nothing by default', () => expect(notesFor({})).toBe(''));
});

test('mails of alerts have to be confirmed', () => {
  const { notes } = exportHandoff(acme, '123456789012', { alerts: { emails: ['a@example.com'] } });
  expect(notes).toEqual([expect.stringContaining('a@example.com: each of them must follow the link')]);
});
