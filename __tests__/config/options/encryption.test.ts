import { exportHandoff } from '../../../config/handoff';
import { roleOptionsSchema } from '../../../config/options/role';
import { acme, notesFor, role } from './notes';

describe('what the options leave to others', () => {
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
});
