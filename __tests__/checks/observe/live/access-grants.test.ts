/**
 * S3 Access Grants, as AWS answers. The emulator has none, so the answers are those that the S3 Control API Reference documents
 * (ListAccessGrants).
 */
import { observeLive } from '../../../../checks/observe/live';
import type { BucketObservation } from '../../../../checks/observe/observation';
import { contractFor } from '../../../../contract/contract';
import { type Answer, type Answers, compliantAnswers, fakeAwsForSuite, s3Error } from './fake-aws';

const contract = contractFor({
  name: 'granted',
  altrAccountId: '111122223333',
  clientId: 'the-client',
  bucket: 'granted-altr-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataGranted',
});
const ANALYST = 'arn:aws:iam::123456789012:role/Analyst';

const page = (scopes: readonly string[], next = ''): Answer => ({
  body: `<ListAccessGrantsResult>${next && `<NextToken>${next}</NextToken>`}<AccessGrantsList>${scopes
    .map(
      (scope, index) =>
        `<AccessGrant><AccessGrantId>g-${index}</AccessGrantId><Grantee><GranteeType>IAM</GranteeType><GranteeIdentifier>${ANALYST}</GranteeIdentifier></Grantee><Permission>READ</Permission><GrantScope>${scope}</GrantScope></AccessGrant>`,
    )
    .join('')}</AccessGrantsList></ListAccessGrantsResult>`,
});
const grants = (answer: Answers[string]): Answers => ({ 's3control:ListAccessGrants': answer });

describe('S3 Access Grants', () => {
  const aws = fakeAwsForSuite();

  const seen = async (changed: Answers, accessGrants = true): Promise<BucketObservation['accessGrants']> => {
    aws.answer({ ...compliantAnswers(contract), ...changed });
    const { exports } = await observeLive([{ ...contract, accessGrants }], {
      altrAccountId: contract.altrAccountId,
    });
    const bucket = exports[0]?.bucket;
    if (bucket?.state !== 'value') throw new Error(`no bucket: ${JSON.stringify(bucket)}`);
    return bucket.value.accessGrants;
  };
  const asked = () => aws.seen.filter(({ api }) => api === 's3control:ListAccessGrants');

  test('are not asked for unless the config asks for them', async () => {
    expect(
      await seen(
        grants(() => page(['s3://*'])),
        false,
      ),
    ).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  test('are read from every page, in the bucket’s region', async () => {
    const found = await seen(
      grants(({ url }) =>
        url.includes('nextToken=more')
          ? page(['s3://granted-altr-logs/b*'])
          : page(['s3://granted-altr-logs/a*'], 'more'),
      ),
    );
    expect(found).toMatchObject({
      state: 'value',
      value: [
        { grantee: ANALYST, granteeType: 'IAM', permission: 'READ', scope: 's3://granted-altr-logs/a*' },
        { scope: 's3://granted-altr-logs/b*' },
      ],
    });
    expect(asked().map(({ region }) => region)).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test.each([
    ['s3://*', true],
    ['s3://granted-altr-logs', true],
    ['s3://granted-altr-logs/*', true],
    ['s3://granted-altr-logs/year=2026/*', true],
    ['s3://granted-altr-logs/one.json', true],
    ['s3://granted*', true],
    ['s3://granted-altr-logs-of-others/*', false],
    ['s3://granted', false],
    ['s3://other/*', false],
  ])('of the scope %s reach the bucket: %s', async (scope, isReached) => {
    const found = await seen(grants(() => page([scope])));
    expect(found).toMatchObject({ state: 'value', value: isReached ? [{ scope }] : [] });
    expect(found?.state === 'value' && found.value).toHaveLength(isReached ? 1 : 0);
  });

  test('are absent if the account has no instance in the region', async () => {
    expect(await seen(grants(() => s3Error(404, 'AccessGrantsInstanceNotExistsError')))).toEqual({
      state: 'absent',
    });
  });

  test.each<[string, Answer]>([
    ['a refusal', s3Error(403, 'AccessDenied')],
    [
      'a grant without a scope',
      {
        body: '<ListAccessGrantsResult><AccessGrantsList><AccessGrant><AccessGrantId>g</AccessGrantId></AccessGrant></AccessGrantsList></ListAccessGrantsResult>',
      },
    ],
  ])('are not known after %s', async (_what, answer) => {
    expect(await seen(grants(() => answer))).toMatchObject({
      state: 'unreadable',
      reason: { api: 's3control:ListAccessGrants' },
    });
  });
});
