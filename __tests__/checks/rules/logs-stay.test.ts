import type { SetUp } from '../../../checks/pages/set-up';
import { beside, KEY, OTHER, OWN, useKey, value } from './builders';
import { findingsOf } from './support';

const OTHER_ROOT = `arn:aws:iam::${OTHER}:root`;

const failed = (setUp: SetUp) =>
  findingsOf(setUp).filter(({ rule, status }) => rule === 'logs-stay' && status === 'fail');
const copies = (...ids: readonly string[]): SetUp => ({
  bucket: {
    replication: value({
      rules: ids.map((id) => ({
        id,
        status: 'Enabled' as const,
        filter: {},
        destination: {
          bucket: `arn:aws:s3:::${id}`,
          owner: id === 'own' ? value('audited-account' as const) : value('another-account' as const),
        },
      })),
    }),
  },
});

test('a replication of one rule is stopped as a whole, and its copies are mentioned', () => {
  const [finding] = failed(copies('stranger'));
  expect(finding?.message).toBe(
    'The replication rule stranger copies logs to arn:aws:s3:::stranger, which belongs to another account.',
  );
  expect(finding?.remediation?.summary).toMatch(/Copies that are there already stay/);
  expect(finding?.remediation?.commands).toEqual([
    'aws s3api delete-bucket-replication --bucket acme-altr-audit-logs',
  ]);
});

test('of several rules the others are kept', () => {
  const [finding] = failed(copies('stranger', 'own'));
  expect(finding?.remediation?.commands).toEqual([
    expect.stringContaining(`Rules: Rules[?ID!='\\''stranger'\\'']`),
    expect.stringContaining('put-bucket-replication'),
  ]);
});

test('the key’s policy keeps what it says of the account', () => {
  const account = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
  const [finding] = failed({
    ...beside(useKey),
    kmsKeyPolicy: {
      Version: '2012-10-17',
      Statement: [account, { ...account, Principal: { AWS: [OWN, OTHER] }, Action: 'kms:Decrypt' }],
    },
  });
  expect(finding?.location?.pointer).toBe('/Statement/1/Principal/AWS/1');
  expect(finding?.remediation?.document).toEqual({
    Version: '2012-10-17',
    Statement: [account, { ...account, Principal: { AWS: [OWN] }, Action: 'kms:Decrypt' }],
  });
});

test('a grant is revoked by its ID, where the key is', () => {
  const [finding] = failed({
    ...beside(useKey),
    kmsKey: {
      grants: value([
        { grantId: 'abc', granteePrincipal: `arn:aws:iam::${OTHER}:root`, operations: ['Decrypt'] },
      ]),
    },
  });
  expect(finding?.remediation?.commands).toEqual([
    `aws kms revoke-grant --region us-east-1 --key-id ${KEY} --grant-id abc`,
  ]);
});

test('names of logs are less than logs', () => {
  const destination = { bucket: 'arn:aws:s3:::x', owner: value('another-account' as const) };
  const [finding] = failed({
    bucket: { inventories: value([{ id: 'i', isEnabled: true, destination }]) },
  });
  expect(finding).toMatchObject({ severity: 'medium' });
  expect(finding?.remediation?.commands?.[0]).toContain('delete-bucket-inventory-configuration');
});

test('what can’t be decided of a key is told with the reason, and by a policy with its place', () => {
  const session = `arn:aws:sts::${OTHER}:assumed-role/Reader/nightly`;
  const account = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
  const stranger = { ...account, Principal: { AWS: [OWN, session] }, Action: 'kms:Decrypt' };
  const ofTenant = {
    ...account,
    Principal: { AWS: OTHER },
    Condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'x' } },
  };
  const grant = { grantId: 'abc', granteePrincipal: session, operations: ['Decrypt'] };
  const constraints = { encryptionContextSubset: { tenant: 'x' } };
  const open = findingsOf({
    ...beside(useKey),
    kmsKeyPolicy: { Version: '2012-10-17', Statement: [account, stranger, ofTenant] },
    kmsKey: { grants: value([grant, { ...grant, granteePrincipal: OTHER_ROOT, constraints }]) },
    declares: { bucketPolicy: { onlyReaders: [`arn:aws:iam::${OTHER}:role/teams/*`] } },
  }).filter(({ rule, status }) => rule === 'logs-stay' && status === 'unknown');
  const path =
    'the ARN of a session does not tell the path of its role, by which alone a declared role is told from others';
  const constraint = 'its constraint may hold for logs';
  expect(open.map(({ message, location }) => [message, location?.pointer])).toEqual([
    [
      `It can’t be decided whether the policy of the bucket’s key lets ${session}, which is outside the account, decrypt logs: ${path}.`,
      '/Statement/1/Principal/AWS/1',
    ],
    [
      `It can’t be decided whether the policy of the bucket’s key lets ${OTHER}, which is outside the account, decrypt logs: ${constraint}.`,
      '/Statement/2/Principal/AWS',
    ],
    [
      `It can’t be decided whether a grant of the bucket’s key lets ${session}, which is outside the account, decrypt logs: ${path}.`,
      undefined,
    ],
    [
      `It can’t be decided whether a grant of the bucket’s key lets ${OTHER_ROOT}, which is outside the account, decrypt logs: ${constraint}.`,
      undefined,
    ],
  ]);
});

test('of grants that a plan does not show, observing again is no help', () => {
  const [finding] = findingsOf({
    ...beside(useKey),
    kmsKey: { grants: value([]), grantsPartial: true },
  }).filter(({ rule, status }) => rule === 'logs-stay' && status === 'advice');
  expect(finding?.message).toMatch(/audit the account, too\.$/);
  expect(finding?.message).not.toContain('Observe again');
});

describe('the key’s policy lets a whole account decrypt', () => {
  const reader = `arn:aws:iam::${OTHER}:role/siem`;
  const root = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OWN}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const foreign = { ...root, Principal: { AWS: `arn:aws:iam::${OTHER}:root` } };
  const viaS3 = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
  const fixed = (statement: object, onlyReaders: string[]) => {
    const setUp: SetUp = {
      ...beside(useKey),
      declares: { bucketPolicy: { onlyReaders } },
      kmsKeyPolicy: { Version: '2012-10-17', Statement: [root, statement] },
    };
    const document = failed(setUp)[0]?.remediation?.document;
    expect(failed({ ...setUp, kmsKeyPolicy: document })).toEqual([]);
    return (document as { Statement: unknown[] }).Statement;
  };

  test('the declared reader of that account goes on decrypting, and nobody else', () => {
    expect(fixed({ ...foreign, Condition: viaS3 }, [reader])).toEqual([
      root,
      {
        Effect: 'Allow',
        Principal: foreign.Principal,
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { ...viaS3, ArnLike: { 'aws:PrincipalArn': [reader] } },
      },
    ]);
  });

  test('a reader of another account, one whom it did not let in, or a statement about another action: nothing is added', () => {
    expect(fixed(foreign, [reader.replace(OTHER, '333333333333')])).toEqual([root]);
    expect(fixed({ ...foreign, Action: 'kms:CreateGrant' }, [reader])).toEqual([root]);
    const Condition = { ArnLike: { 'aws:PrincipalArn': [reader.replace('siem', 'evil')] } };
    expect(fixed({ ...foreign, Condition }, [reader])).toEqual([root]);
  });
});

test.each([
  ['the kit’s own', 'KeyAdministration', 'npx cdktf deploy acme-prod'],
  ['somebody else’s, which a deploy would take away', 'analyst', undefined],
])('a key of the kit’s, with a statement that is %s', (_whose, Sid, cdktf) => {
  const account = { Sid, Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
  const [finding] = failed({
    ...beside(useKey),
    declares: { encryption: { type: 'kms' } },
    kmsKeyPolicy: {
      Version: '2012-10-17',
      Statement: [account, { ...account, Sid: 'x', Principal: { AWS: OTHER } }],
    },
  });
  expect(finding?.remediation?.commands?.[0]).toContain('put-key-policy');
  expect(finding?.remediation?.cdktf).toBe(cdktf);
});
