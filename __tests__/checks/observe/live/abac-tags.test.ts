/**
 * The bucket's tags and its ABAC, as AWS answers. The emulator has no GetBucketAbac, so the answers are those that the S3 and S3
 * Control API References document.
 */
import { type ObserveOptions, observeLive } from '../../../../checks/observe/live';
import type { BucketObservation } from '../../../../checks/observe/observation';
import { observationOf, type SetUp } from '../../../../checks/pages/set-up';
import { contractFor } from '../../../../contract/contract';
import {
  type Answer,
  type Answers,
  compliantAnswers,
  encoded,
  fakeAwsForSuite,
  query,
  s3Error,
} from './fake-aws';

const contract = contractFor({
  name: 'tagged',
  altrAccountId: '111122223333',
  clientId: 'the-client',
  bucket: 'tagged-altr-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataTagged',
});
const deniedUnless = (key: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: { StringNotEquals: { [key]: 'logs' } },
    },
  ],
});
const BY_TAG = deniedUnless('aws:ResourceTag/team');
const abac = (status: string) => (): Answer => ({
  body: `<AbacStatus><Status>${status}</Status></AbacStatus>`,
});
const tags = (of: Readonly<Record<string, string>>) => (): Answer => ({
  body: `<ListTagsForResourceResult><Tags>${Object.entries(of)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</Tags></ListTagsForResourceResult>`,
});
const policy = (document: unknown) => ({
  's3:GetBucketPolicy': (): Answer => ({ body: JSON.stringify(document) }),
});

describe('a bucket’s tags', () => {
  const aws = fakeAwsForSuite();

  const tagsSeen = async (
    changed: Answers,
    options: Partial<ObserveOptions> = {},
  ): Promise<BucketObservation['abacTags']> => {
    aws.answer({ ...compliantAnswers(contract), ...changed });
    const { exports } = await observeLive([contract], { altrAccountId: contract.altrAccountId, ...options });
    const bucket = exports[0]?.bucket;
    if (bucket?.state !== 'value') throw new Error(`no bucket: ${JSON.stringify(bucket)}`);
    return bucket.value.abacTags;
  };
  const asked = () => aws.seen.map(({ api }) => api).filter((api) => /Abac|Tag/.test(api));
  const ON = { 's3:GetBucketAbac': abac('Enabled'), 's3control:ListTagsForResource': tags({ team: 'logs' }) };
  const copyOf = (organization: SetUp['organization']) => {
    const { organization: seen } = observationOf({ organization }, contract);
    return seen?.state === 'value' ? { organizationCopy: seen.value } : {};
  };

  test('are not asked for if no policy names them', async () => {
    expect(await tagsSeen(ON, copyOf({}))).toBeUndefined();
    expect(await tagsSeen({ ...ON, ...policy(deniedUnless('aws:PrincipalTag/team')) })).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  test.each<[string, Answers]>([
    ['the bucket’s policy', policy(BY_TAG)],
    ['the bucket’s policy, under S3’s name of the key', policy(deniedUnless('s3:BucketTag/team'))],
    [
      'the bucket’s policy, which hides it by an escape',
      { 's3:GetBucketPolicy': () => ({ body: JSON.stringify(BY_TAG).replace('aws:', '\\u0061ws:') }) },
    ],
    [
      'a policy of the role',
      {
        'iam:GetRolePolicy': () =>
          query(
            'GetRolePolicy',
            `<RoleName>r</RoleName><PolicyName>put</PolicyName><PolicyDocument>${encoded(BY_TAG)}</PolicyDocument>`,
          ),
      },
    ],
  ])('are asked for if %s names them', async (_where, changed) => {
    expect(await tagsSeen({ ...ON, ...changed })).toEqual({ state: 'value', value: { team: 'logs' } });
    expect(asked()).toEqual(['s3:GetBucketAbac', 's3control:ListTagsForResource']);
    const [, listed] = aws.seen.filter(({ api }) => /Abac|Tag/.test(api));
    expect(decodeURIComponent(listed?.url ?? '')).toContain(`arn:aws:s3:::${contract.bucket}`);
  });

  test('are asked for if a copy of the organization names them', async () => {
    const copy = copyOf({ root: { resourceControlPolicies: { ByTag: BY_TAG.Statement } } });
    expect(await tagsSeen(ON, copy)).toEqual({ state: 'value', value: { team: 'logs' } });
  });

  test('decide nothing while ABAC is off, so they are not read', async () => {
    expect(await tagsSeen({ ...policy(BY_TAG), 's3:GetBucketAbac': abac('Disabled') })).toEqual({
      state: 'absent',
    });
    expect(asked()).toEqual(['s3:GetBucketAbac']);
  });

  test.each<[string, () => Answer]>([
    ['an empty list', tags({})],
    ['an error', () => s3Error(404, 'NoSuchTagSet')],
  ])('are none if AWS answers with %s', async (_what, answer) => {
    const none = { ...policy(BY_TAG), ...ON, 's3control:ListTagsForResource': answer };
    expect(await tagsSeen(none)).toEqual({ state: 'value', value: {} });
  });

  test.each<[string, Answers, string]>([
    ['its ABAC', { 's3:GetBucketAbac': () => s3Error(403, 'AccessDenied') }, 's3:GetBucketAbac'],
    [
      'its tags',
      { 's3control:ListTagsForResource': () => s3Error(403, 'AccessDenied') },
      's3:ListTagsForResource',
    ],
  ])('that may not be read are not taken for none: %s', async (_what, changed, permission) => {
    expect(await tagsSeen({ ...policy(BY_TAG), ...ON, ...changed })).toMatchObject({
      state: 'unreadable',
      reason: { permission },
    });
  });

  test.each([
    ['a state that nobody knows', abac('Perhaps')],
    ['no state', () => ({ body: '<AbacStatus/>' })],
  ])('are not known if AWS answers %s', async (_what, answer) => {
    expect(await tagsSeen({ ...policy(BY_TAG), 's3:GetBucketAbac': answer })).toMatchObject({
      state: 'unreadable',
      reason: { api: 's3:GetBucketAbac' },
    });
  });
});
