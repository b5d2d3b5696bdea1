import { Testing } from 'cdktf';
import { auditorPolicy } from '../../checks/auditor-policy';
import { auditorTrustDocument, auditorTrustFaults } from '../../checks/auditor-policy/trust';
import { AltrAuditorRole, type AltrAuditorRoleProps } from '../../modules/altr-auditor-role';

const github = {
  providerArn: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
  audience: 'sts.amazonaws.com',
  subjects: ['repo:acme/infra:ref:refs/heads/main'],
};
const props: AltrAuditorRoleProps = {
  exports: [{ bucket: 'acme-logs', region: 'us-east-1', roleName: 'ALTRPublishSIEMDataAcme' }],
  trust: github,
};
const synth = (more: Partial<AltrAuditorRoleProps> = {}) =>
  JSON.parse(
    Testing.synthScope((scope) => {
      new AltrAuditorRole(scope, 'Auditor', { ...props, ...more });
    }),
  );

describe('who may assume the auditor’s role', () => {
  test('GitHub’s tokens, of this audience and this subject', () => {
    expect(auditorTrustDocument(github, 'us-east-1').Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: github.providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': github.subjects,
          },
        },
      },
    ]);
  });

  test('GitLab’s tokens of every branch of a project', () => {
    const gitlab = {
      providerArn: 'arn:aws:iam::123456789012:oidc-provider/gitlab.example.com',
      audience: 'https://gitlab.example.com',
      subjects: ['project_path:acme/infra:ref_type:branch:ref:*'],
    };
    expect(auditorTrustFaults(gitlab)).toEqual([]);
    expect(auditorTrustDocument(gitlab, 'us-east-1').Statement[0]?.Condition).toEqual({
      StringEquals: { 'gitlab.example.com:aud': 'https://gitlab.example.com' },
      StringLike: { 'gitlab.example.com:sub': gitlab.subjects },
    });
  });

  test('an account, with an external ID where one is wanted', () => {
    expect(
      auditorTrustDocument({ accountId: '210987654321', externalId: 'scan' }, 'cn-north-1').Statement[0],
    ).toMatchObject({
      Principal: { AWS: 'arn:aws-cn:iam::210987654321:root' },
      Condition: { StringEquals: { 'sts:ExternalId': 'scan' } },
    });
    expect(
      auditorTrustDocument({ accountId: '210987654321' }, 'us-east-1').Statement[0]?.Condition,
    ).toBeUndefined();
  });

  test.each([
    ['no subject', { ...github, subjects: [] }, /at least one subject/],
    ['everybody', { ...github, subjects: ['*'] }, /must name the owner in full/],
    ['every owner', { ...github, subjects: ['repo:*'] }, /must name the owner in full/],
    ['owners of a prefix', { ...github, subjects: ['repo:acme*/infra:x'] }, /must name the owner in full/],
    ['an empty subject', { ...github, subjects: [' '] }, /must have text/],
    ['any audience', { ...github, audience: '*' }, /audience "\*" must be one exact value/],
    ['no audience', { ...github, audience: '' }, /must be one exact value/],
    [
      'a URL for an ARN',
      { ...github, providerArn: 'https://gitlab.com' },
      /must be the ARN of an OIDC provider/,
    ],
    ['a short account ID', { accountId: '1' }, /trust\.accountId "1" must be the 12 digits/],
    ['a blank external ID', { accountId: '210987654321', externalId: ' ' }, /white space/],
  ] as const)('%s is refused', (_what, trust, says) => {
    expect(auditorTrustFaults(trust).join('\n')).toMatch(says);
  });
});

describe('the construct', () => {
  test('makes a role that may read, by one inline policy', () => {
    const { resource, data } = synth();
    const [role] = Object.values<Record<string, unknown>>(resource.aws_iam_role);
    expect(role).toMatchObject({ name: 'altr-auditor', max_session_duration: 3600 });
    expect(Object.values(resource.aws_iam_role_policy)).toHaveLength(1);
    expect(JSON.stringify(data)).toContain('s3:GetBucketPolicy');
  });

  test('lets the logs be read where it is told to, as the command does with --read-logs', () => {
    const statements = (more: Partial<AltrAuditorRoleProps>) => {
      const documents = Object.values<{ statement: Record<string, unknown>[] }>(
        synth(more).data.aws_iam_policy_document,
      );
      return documents
        .flatMap(({ statement }) => statement)
        .filter(({ sid }) => sid !== undefined)
        .map(({ sid, actions, resources }) => ({ Sid: sid, Action: actions, Resource: resources }));
    };
    const printed = (readLogs: boolean) =>
      auditorPolicy(props.exports, { readLogs }).document.Statement.map(({ Sid, Action, Resource }) => ({
        Sid,
        Action,
        Resource,
      }));
    expect(statements({ readLogs: true })).toEqual(printed(true));
    expect(statements({})).toEqual(printed(false));
    expect(JSON.stringify(synth())).not.toContain('s3:GetObject');
  });

  test('opens no logs but those of its exports, however many there are', () => {
    const exports = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...props.exports[0]!, bucket: `acme-logs-${index}` }));
    expect(JSON.stringify(synth({ readLogs: true, exports: exports(200) }))).not.toContain('s3:::*/*');
    expect(() => synth({ readLogs: true, exports: exports(500) })).toThrow(
      /the logs of 500 exports can't be named within 10240 characters/,
    );
  });

  test('refuses every fault at once', () => {
    const faulty = {
      roleName: 'ALTRPublishSIEMDataAuditor',
      exports: [],
      trust: { accountId: '1' },
      maxSessionDuration: 60,
    };
    expect(() => synth(faulty)).toThrow(
      /trust\.accountId.*\n.*must not start with ALTRPublishSIEMData.*\n.*at least one export\n.*3600 to 43200/,
    );
  });
});
