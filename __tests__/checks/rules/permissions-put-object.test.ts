import { known, NO_ACCOUNT, unreadable } from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { ROLE } from './builders';
import { EXAMPLE, findingsOf } from './support';

const BUCKET = 'arn:aws:s3:::acme-altr-audit-logs';

test('a Deny of everybody in the bucket policy comes to spare the role, and the rest of the policy stays', () => {
  const keep = { Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: BUCKET };
  const stop = {
    Sid: 'Stop',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${BUCKET}/*`,
  };
  const [finding] = findingsOf({ bucketPolicy: { Version: '2012-10-17', Statement: [keep, stop] } }).filter(
    ({ rule }) => rule === 'permissions-put-object',
  );
  expect(finding).toMatchObject({
    status: 'fail',
    location: { document: 'bucket policy of acme-altr-audit-logs', pointer: '/Statement/1' },
    remediation: {
      document: {
        Version: '2012-10-17',
        Statement: [keep, { ...stop, Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } } }],
      },
    },
  });
  expect(finding?.remediation?.commands?.[0]).toMatch(
    /^aws s3api put-bucket-policy --bucket acme-altr-audit-logs --policy '/,
  );
});

test('it is silent without a bucket: bucket-exists speaks for it', () => {
  expect(findingsOf({ bucketExists: false }).map(({ rule }) => rule)).not.toContain('permissions-put-object');
});

test('a verdict that rests on an assumption of the config says so', () => {
  const bucketPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: `${BUCKET}/*`,
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
      },
    ],
  };
  const of = (header: 'AES256' | 'none') =>
    findingsOf(
      { bucketPolicy },
      { serverSideEncryptionHeader: header, sourceIpRanges: ['198.51.100.0/24'] },
    ).find(({ rule }) => rule === 'permissions-put-object');
  const rests = / This rests on altr\.assumptions in the config: serverSideEncryptionHeader\.$/;
  expect(of('AES256')).toMatchObject({ status: 'pass', message: expect.stringMatching(rests) });
  expect(of('none')).toMatchObject({ status: 'fail', message: expect.stringMatching(rests) });
});

test('a planned role of which nobody knows the account yet is not judged by a document that names one', () => {
  const observation = observationOf({}, EXAMPLE);
  const [seen] = observation.exports;
  if (seen?.role.state !== 'value') throw new Error('no role');
  const role = { ...seen.role.value, arn: `arn:aws:iam::${NO_ACCOUNT}:role/${EXAMPLE.roleName}` };
  const accountId = unreadable({ message: 'the plan does not say which account it is for' });
  const exports = [{ ...seen, accountId, role: known(role) }];
  const [report] = judge({ ...observation, exports }, { contracts: [EXAMPLE], declaredRoles: [EXAMPLE] });
  const own = report?.findings.filter(({ rule }) => rule === 'permissions-put-object');
  expect(own?.map(({ status }) => status)).toEqual(['unknown']);
});
