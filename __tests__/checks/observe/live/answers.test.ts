/** AWS's real answers where the emulator gives others: what each of them is taken for. */

import { type ObserveTarget, observeLive } from '../../../../checks/observe/live';
import type { ExportObservation, Observed } from '../../../../checks/observe/observation';
import { contractFor } from '../../../../contract/contract';
import {
  ACCOUNT,
  type Answer,
  type Answers,
  acl,
  block,
  compliantAnswers,
  encoded,
  encryption,
  fakeAwsForSuite,
  kms,
  kmsError,
  query,
  queryError,
  type Request,
  roleXml,
  s3Error,
} from './fake-aws';

const contract = contractFor({
  name: 'answers',
  altrAccountId: '111122223333',
  clientId: 'the-client',
  bucket: 'answers-altr-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataAnswers',
});
const COMPLIANT = compliantAnswers(contract);
const role = roleXml(contract);

// Real sockets and the real SDK, also on a busy machine.
jest.setTimeout(60_000);

describe('what AWS answers', () => {
  const aws = fakeAwsForSuite();

  const observe = async (
    changed: Answers = {},
    options: Partial<Parameters<typeof observeLive>[1]> = {},
    target: ObserveTarget = contract,
  ): Promise<ExportObservation & { roles: Observed<readonly unknown[]> | undefined }> => {
    aws.answer({ ...COMPLIANT, ...changed });
    const { exports, accounts } = await observeLive([target], {
      altrAccountId: contract.altrAccountId,
      ...options,
    });
    const [seen] = exports;
    if (!seen) throw new Error('nothing was observed');
    return { ...seen, roles: accounts[0]?.roles };
  };
  const bucketOf = async (...args: Parameters<typeof observe>) => {
    const { bucket } = await observe(...args);
    if (bucket.state !== 'value') throw new Error(`no bucket: ${JSON.stringify(bucket)}`);
    return bucket.value;
  };
  const asked = (api: string) => aws.seen.filter((request) => request.api === api);

  test('an endpoint that is not AWS, and answers all the same, is named', async () => {
    const { accountId } = await observe({
      'sts:GetCallerIdentity': () => ({ body: '<html><body>Hello</body></html>' }),
    });
    expect(accountId).toMatchObject({
      state: 'unreadable',
      reason: {
        message: `sts:GetCallerIdentity answered without what was asked for; is ${aws.url} AWS? Check AWS_ENDPOINT_URL`,
      },
    });
  });

  test('the more exports an account has, the fewer calls each of them takes', async () => {
    aws.answer(COMPLIANT);
    const calls = async (count: number) => {
      aws.seen.length = 0;
      const targets = Array.from({ length: count }, (_, index) => ({ ...contract, name: `e${index}` }));
      const { exports } = await observeLive(targets, { altrAccountId: contract.altrAccountId });
      expect(exports.map(({ name }) => name)).toEqual(targets.map(({ name }) => name));
      return aws.seen.length;
    };
    expect([await calls(1), await calls(10)]).toEqual([15, 2 + 10 * 13]);
  });

  test('a compliant export is read whole', async () => {
    const seen = await observe();
    expect(JSON.stringify(seen)).not.toContain('unreadable');
    expect(seen.accountId).toEqual({ state: 'value', value: ACCOUNT });
  });

  test.each([
    ['an empty prefix, which the emulator does not take', '', false],
    ['a folder', 'other/', true],
  ])('reads a notification whose filter is %s', async (_name, value, isFiltered) => {
    const { logFeed } = await observe(
      {
        's3:GetBucketNotificationConfiguration': () => ({
          body: `<NotificationConfiguration><TopicConfiguration><Id>n</Id><Topic>arn:aws:sns:eu-west-1:${ACCOUNT}:t</Topic><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name><Value>${value}</Value></FilterRule></S3Key></Filter></TopicConfiguration></NotificationConfiguration>`,
        }),
      },
      {},
      { ...contract, feedConsumers: ['splunk'] },
    );
    expect(logFeed?.topics).toMatchObject({ state: 'value', value: [{ isFiltered }] });
  });

  test('a notification is asked for in the bucket’s own region', async () => {
    const { logFeed } = await observe(
      {
        's3:GetBucketNotificationConfiguration': ({ region }) =>
          region === 'eu-central-1'
            ? { body: '<NotificationConfiguration/>' }
            : s3Error(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-central-1' }),
      },
      {},
      { ...contract, feedConsumers: ['splunk'] },
    );
    expect(logFeed?.topics).toEqual({ state: 'value', value: [] });
  });

  describe('HeadBucket', () => {
    const elsewhere =
      (status: number, code: string) =>
      ({ region }: { region: string }): Answer =>
        region === 'eu-central-1'
          ? { headers: { 'x-amz-bucket-region': 'eu-central-1' } }
          : s3Error(status, code, { 'x-amz-bucket-region': 'eu-central-1' });

    test.each([
      ['301 PermanentRedirect', 301, 'PermanentRedirect'],
      ['400 AuthorizationHeaderMalformed', 400, 'AuthorizationHeaderMalformed'],
      [
        '400 IllegalLocationConstraintException, of a region to opt in to',
        400,
        'IllegalLocationConstraintException',
      ],
      ['307 TemporaryRedirect, of a new bucket', 307, 'TemporaryRedirect'],
    ])('%s leads every question to the bucket’s own region', async (_why, status, code) => {
      const there = elsewhere(status, code);
      const inRegion =
        (answer: Answer) =>
        (request: { region: string }): Answer =>
          request.region === 'eu-central-1' ? answer : there(request);
      const bucket = await bucketOf({
        's3:HeadBucket': there,
        's3:GetBucketPolicy': inRegion({ body: '{"Version":"2012-10-17"}' }),
        's3:GetPublicAccessBlock': inRegion({ body: block }),
        's3:GetBucketAcl': inRegion({ body: acl }),
        's3:GetBucketEncryption': inRegion({ body: encryption('<SSEAlgorithm>AES256</SSEAlgorithm>') }),
      });
      expect(bucket.region).toEqual({ state: 'value', value: 'eu-central-1' });
      expect(JSON.stringify(bucket)).not.toContain('unreadable');
      // Twice each: the declared region, then the right one.
      expect(asked('s3:GetBucketPolicy').map(({ region }) => region)).toEqual(['eu-west-1', 'eu-central-1']);
    });

    test('404 means that there is no bucket', async () => {
      const { bucket } = await observe({
        's3:HeadBucket': () => ({ status: 404 }),
        's3:GetBucketPolicy': () => s3Error(404, 'NoSuchBucket'),
        's3:GetPublicAccessBlock': () => s3Error(404, 'NoSuchBucket'),
        's3:GetBucketAcl': () => s3Error(404, 'NoSuchBucket'),
        's3:GetBucketEncryption': () => s3Error(404, 'NoSuchBucket'),
      });
      expect(bucket).toEqual({ state: 'absent' });
    });

    test.each([404, 403])('%i beside a policy that is none proves no bucket', async (status) => {
      const { bucket } = await observe({
        's3:HeadBucket': () => ({ status }),
        's3:GetBucketPolicy': () => ({ body: '<html>nothing that anybody asked for' }),
        's3:GetPublicAccessBlock': () => s3Error(404, 'NoSuchBucket'),
        's3:GetBucketAcl': () => s3Error(404, 'NoSuchBucket'),
        's3:GetBucketEncryption': () => s3Error(404, 'NoSuchBucket'),
      });
      expect(bucket).toEqual({ state: 'absent' });
    });

    test('404 of a bucket whose settings are given all the same contradicts them: they are judged', async () => {
      const bucket = await bucketOf({ 's3:HeadBucket': () => ({ status: 404 }) });
      expect(bucket.owner).toEqual({ state: 'value', value: 'audited-account' });
      expect(bucket.region).toMatchObject({
        state: 'unreadable',
        reason: {
          api: 's3:HeadBucket',
          message: `s3:HeadBucket finds no bucket ${contract.bucket}, whose settings were read beside it; run it again`,
        },
      });
      expect(bucket.publicAccessBlock.state).toBe('value');
    });

    const denied = () => s3Error(403, 'AccessDenied', { 'x-amz-bucket-region': 'eu-west-1' });
    const DENIED = {
      's3:HeadBucket': denied,
      's3:GetBucketPolicy': denied,
      's3:GetPublicAccessBlock': denied,
      's3:GetBucketAcl': denied,
      's3:GetBucketEncryption': denied,
      's3:ListBuckets': denied,
    };

    test('403 of a bucket that another account owns: it answers without ExpectedBucketOwner', async () => {
      const bucket = await bucketOf({
        ...DENIED,
        's3:HeadBucket': ({ headers }) =>
          headers['x-amz-expected-bucket-owner'] === ACCOUNT
            ? denied()
            : { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      });
      expect([bucket.owner, bucket.region]).toEqual([
        { state: 'value', value: 'another-account' },
        { state: 'value', value: 'eu-west-1' },
      ]);
      expect(bucket.policy).toMatchObject({
        reason: { message: `the bucket ${contract.bucket} belongs to another account` },
      });
    });

    test.each([
      ['lists it among its own', `<Bucket><Name>${contract.bucket}</Name></Bucket>`, 'audited-account'],
      ['does not list it', `<Bucket><Name>${contract.bucket}-2</Name></Bucket>`, 'another-account'],
    ])('403 to everybody is decided by whether the account %s', async (_why, listed, owner) => {
      const bucket = await bucketOf({
        ...DENIED,
        // The first page is empty and not the last.
        's3:ListBuckets': ({ url }) =>
          url.includes('continuation-token=next')
            ? { body: `<ListAllMyBucketsResult><Buckets>${listed}</Buckets></ListAllMyBucketsResult>` }
            : {
                body: '<ListAllMyBucketsResult><Buckets/><ContinuationToken>next</ContinuationToken></ListAllMyBucketsResult>',
              },
      });
      // The region's header comes with the refusal.
      expect([bucket.owner, bucket.region]).toEqual([
        { state: 'value', value: owner },
        { state: 'value', value: 'eu-west-1' },
      ]);
    });

    test('403 to everybody, and to the list of buckets too, leaves open whose it is', async () => {
      const { bucket } = await observe(DENIED);
      expect(bucket).toMatchObject({
        state: 'unreadable',
        reason: {
          api: 's3:HeadBucket',
          code: '403',
          permission: 's3:ListBucket',
          accountId: ACCOUNT,
          region: 'eu-west-1',
          requestId: expect.stringMatching(/^request-/),
        },
      });
    });

    test('403 for want of s3:ListBucket leaves nothing open: S3 names the region with it', async () => {
      const seen = await observe({ 's3:HeadBucket': denied });
      expect(JSON.stringify(seen)).not.toContain('unreadable');
      expect(seen.bucket).toMatchObject({
        value: {
          owner: { state: 'value', value: 'audited-account' },
          region: { state: 'value', value: 'eu-west-1' },
        },
      });
    });

    test('403 of a bucket whose settings may be read is judged by those', async () => {
      const bucket = await bucketOf({ 's3:HeadBucket': () => ({ status: 403 }), 's3:ListBuckets': denied });
      expect(bucket.owner).toEqual({ state: 'value', value: 'audited-account' });
      expect(bucket.region).toMatchObject({ state: 'unreadable', reason: { api: 's3:HeadBucket' } });
      expect(bucket.publicAccessBlock.state).toBe('value');
    });
  });

  describe('a setting that a bucket lacks', () => {
    test.each([
      ['s3:GetBucketPolicy', 'NoSuchBucketPolicy', 'policy'],
      ['s3:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration', 'publicAccessBlock'],
      ['s3:GetBucketEncryption', 'ServerSideEncryptionConfigurationNotFoundError', 'encryption'],
    ] as const)('%s: 404 %s is absent, 403 and any other 404 are unreadable', async (api, code, key) => {
      const account = {
        's3control:GetPublicAccessBlock': () => s3Error(404, 'NoSuchPublicAccessBlockConfiguration'),
      };
      expect((await bucketOf({ ...account, [api]: () => s3Error(404, code) }))[key]).toEqual({
        state: 'absent',
      });
      expect((await bucketOf({ ...account, [api]: () => s3Error(404, 'NoSuchKey') }))[key]).toMatchObject({
        state: 'unreadable',
        reason: { api, code: 'NoSuchKey' },
      });
      expect((await bucketOf({ ...account, [api]: () => s3Error(403, 'AccessDenied') }))[key]).toMatchObject({
        state: 'unreadable',
        reason: {
          api,
          code: 'AccessDenied',
          permission: expect.stringMatching(/^s3:Get/),
          accountId: ACCOUNT,
          region: 'eu-west-1',
        },
      });
    });

    test('no ownership controls mean that the writer owns its objects', async () => {
      const bucket = await bucketOf({
        's3:GetBucketAcl': () => ({
          body: acl.replaceAll('<ID>owner</ID></Grantee>', '<ID>stranger</ID></Grantee>'),
        }),
        's3:GetBucketOwnershipControls': () => s3Error(404, 'OwnershipControlsNotFoundError'),
      });
      expect(bucket.objectOwnership).toEqual({ state: 'value', value: 'ObjectWriter' });
    });

    test('an ownership that the rules do not know is not taken for one of theirs', async () => {
      const bucket = await bucketOf({
        's3:GetBucketAcl': () => ({
          body: acl.replaceAll('<ID>owner</ID></Grantee>', '<ID>stranger</ID></Grantee>'),
        }),
        's3:GetBucketOwnershipControls': () => ({
          body: '<OwnershipControls><Rule><ObjectOwnership>BucketOwnerInvented</ObjectOwnership></Rule></OwnershipControls>',
        }),
      });
      expect(bucket.objectOwnership?.state).toBe('unreadable');
    });

    test('the account’s block is asked for only where the bucket’s own is incomplete, without a prefix to an IP address', async () => {
      const bucket = await bucketOf({
        's3:GetPublicAccessBlock': () => ({ body: block.replace('true', 'false') }),
        's3control:GetPublicAccessBlock': () => ({ body: block }),
      });
      expect(bucket.accountPublicAccessBlock?.state).toBe('value');
      expect(
        asked('s3control:GetPublicAccessBlock').map(({ headers }) => headers['x-amz-account-id']),
      ).toEqual([ACCOUNT]);
      await bucketOf();
      expect(asked('s3control:GetPublicAccessBlock')).toEqual([]);
    });
  });

  describe('IAM', () => {
    test('GetRole: NoSuchEntity means that there is no role', async () => {
      const none = () => queryError(404, 'NoSuchEntity');
      const { role: seen } = await observe({
        'iam:GetRole': none,
        'iam:ListRolePolicies': none,
        'iam:ListAttachedRolePolicies': none,
      });
      expect(seen).toEqual({ state: 'absent' });
    });

    test('a role whose listings find no role was asked too early', async () => {
      const { role: seen } = await observe({ 'iam:ListRolePolicies': () => queryError(404, 'NoSuchEntity') });
      expect(seen).toMatchObject({
        value: {
          inlinePolicies: {
            state: 'unreadable',
            reason: { api: 'iam:ListRolePolicies', accountId: ACCOUNT, region: 'us-east-1' },
          },
        },
      });
    });

    test('a page may be empty and not the last', async () => {
      const { roles } = await observe({
        'iam:ListRoles': ({ body }) =>
          body.includes('Marker=next')
            ? query('ListRoles', `<Roles><member>${role}</member></Roles><IsTruncated>false</IsTruncated>`)
            : query('ListRoles', '<Roles/><IsTruncated>true</IsTruncated><Marker>next</Marker>'),
      });
      expect(roles).toMatchObject({ state: 'value', value: [{ name: contract.roleName }] });
    });

    test('five thousand roles take five calls, and none for a role by itself', async () => {
      const pages = 5;
      const listed = ({ body }: { body: string }) => {
        const page = Number(/Marker=(\d)/.exec(body)?.[1] ?? 0);
        const members = Array.from({ length: 1_000 }, (_, index) =>
          page === 3 && index === 500
            ? `<member>${role}</member>`
            : `<member><RoleName>r-${page}-${index}</RoleName><Path>/</Path><Arn>arn:aws:iam::${ACCOUNT}:role/r-${page}-${index}</Arn><RoleId>AROA</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${encoded({ Statement: [] })}</AssumeRolePolicyDocument></member>`,
        );
        const next =
          page + 1 < pages ? `true</IsTruncated><Marker>${page + 1}</Marker>` : 'false</IsTruncated>';
        return query('ListRoles', `<Roles>${members.join('')}</Roles><IsTruncated>${next}`);
      };
      const { roles } = await observe({ 'iam:ListRoles': listed });
      expect(roles).toMatchObject({ state: 'value', value: [{ name: contract.roleName }] });
      expect(asked('iam:ListRoles')).toHaveLength(pages);
      expect(asked('iam:ListRoles').every(({ body }) => body.includes('MaxItems=1000'))).toBe(true);
      expect(asked('iam:GetRole')).toHaveLength(1);
    });

    describe('the last use of roles that the config does not declare', () => {
      const named = (name: string, trust: unknown) =>
        `<member><RoleName>${name}</RoleName><Path>/</Path><Arn>arn:aws:iam::${ACCOUNT}:role/${name}</Arn><RoleId>AROA</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${encoded(trust)}</AssumeRolePolicyDocument></member>`;
      const listing = (members: readonly string[]): Answers => ({
        'iam:ListRoles': () =>
          query('ListRoles', `<Roles>${members.join('')}</Roles><IsTruncated>false</IsTruncated>`),
        'iam:GetRole': ({ body }) =>
          body.includes('Used')
            ? query(
                'GetRole',
                `<Role>${role}<RoleLastUsed><LastUsedDate>2025-12-24T08:00:00Z</LastUsedDate></RoleLastUsed></Role>`,
              )
            : body.includes('Refused')
              ? queryError(403, 'AccessDenied')
              : query('GetRole', `<Role>${role}</Role>`),
      });
      const declaredRoleNames = [contract.roleName.toUpperCase()];
      const trustsAltr = { Statement: [{ Principal: { AWS: contract.altrAccountId } }] };

      test('is asked of those that look like ALTR’s', async () => {
        const members = [
          `<member>${role}</member>`,
          named('ALTRPublishSIEMDataIdle', {}),
          named('ALTRPublishSIEMDataUsed', {}),
          named('NamedRefused', trustsAltr),
          named('Wildcard', { Statement: [{ Principal: { AWS: '*' } }] }),
        ];
        const { roles } = await observe(listing(members), { declaredRoleNames });
        expect(roles).toMatchObject({
          value: [
            { name: 'ALTRPublishSIEMDataIdle', lastUsed: { state: 'absent' } },
            { name: 'ALTRPublishSIEMDataUsed', lastUsed: { value: '2025-12-24T08:00:00.000Z' } },
            { name: 'NamedRefused', lastUsed: { state: 'unreadable' } },
            { name: 'Wildcard', lastUsed: undefined },
            { name: contract.roleName, lastUsed: undefined },
          ].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)),
        });
        expect(asked('iam:GetRole')).toHaveLength(4);
      });

      test('is asked of ten at most, and of none where nobody says what is declared', async () => {
        const members = Array.from({ length: 30 }, (_, index) => named(`ALTRPublishSIEMData${index}`, {}));
        await observe(listing(members), { declaredRoleNames });
        expect(asked('iam:GetRole')).toHaveLength(11);
        await observe(listing(members));
        expect(asked('iam:GetRole')).toHaveLength(1);
      });
    });

    test.each([
      ['lacks its marker', '<Roles/><IsTruncated>true</IsTruncated>'],
      ['does not say whether it is the last', '<Roles/>'],
      ['is followed by itself', '<Roles/><IsTruncated>true</IsTruncated><Marker>again</Marker>'],
    ])('a page that %s proves nothing', async (_why, answer) => {
      const { roles } = await observe({ 'iam:ListRoles': () => query('ListRoles', answer) });
      expect(roles).toMatchObject({
        state: 'unreadable',
        reason: { api: 'iam:ListRoles', accountId: ACCOUNT },
      });
    });

    test('with waiting, a role that appears late is seen; without, it does not exist', async () => {
      const late = () => {
        let looks = 0;
        return {
          'iam:GetRole': () =>
            ++looks < 3 ? queryError(404, 'NoSuchEntity') : query('GetRole', `<Role>${role}</Role>`),
        };
      };
      expect((await observe(late())).role.state).toBe('absent');
      const waiting = { waitUntil: Date.now() + 10_000, lookAgainAfter: 5 };
      expect((await observe(late(), waiting)).role.state).toBe('value');
      const over = { waitUntil: Date.now() + 500, lookAgainAfter: 5 };
      expect((await observe({ 'iam:GetRole': () => queryError(404, 'NoSuchEntity') }, over)).role.state).toBe(
        'absent',
      );
      expect(asked('iam:GetRole').length).toBeGreaterThan(1);
    });

    test.each(['iam:ListRolePolicies', 'iam:ListAttachedRolePolicies', 'iam:GetRolePolicy'])(
      'with waiting, what %s does not see yet of a role that is there is seen; without, it is not known',
      async (api) => {
        const late = () => {
          let looks = 0;
          return {
            [api]: (request: Request) =>
              ++looks < 3 ? queryError(404, 'NoSuchEntity') : (COMPLIANT[api]?.(request) as Answer),
          };
        };
        expect(JSON.stringify((await observe(late())).role)).toContain(`what ${api} asked for was changed`);
        expect(asked(api)).toHaveLength(1);
        const waiting = { waitUntil: Date.now() + 10_000, lookAgainAfter: 5 };
        expect(JSON.stringify((await observe(late(), waiting)).role)).not.toContain('unreadable');
        expect(asked(api)).toHaveLength(3);
      },
    );

    test('what may not be read is not asked again, however long the run may wait', async () => {
      await observe(
        { 'iam:GetRole': () => queryError(403, 'AccessDenied') },
        { waitUntil: Date.now() + 10_000, lookAgainAfter: 5 },
      );
      expect(asked('iam:GetRole')).toHaveLength(1);
    });

    test('an explicit deny of an SCP is told in AWS’s words', async () => {
      const { role: seen } = await observe({
        'iam:GetRole': () =>
          queryError(
            403,
            'AccessDenied',
            'not authorized, with an explicit deny in a service control policy',
          ),
      });
      expect(seen).toMatchObject({
        reason: {
          code: 'AccessDenied',
          requestId: expect.stringMatching(/^request-/),
          message: expect.stringContaining('explicit deny in a service control policy'),
        },
      });
    });
  });

  describe('the key of a bucket', () => {
    const keyArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
    const encrypted = (id: string) => ({
      's3:GetBucketEncryption': () => ({
        body: encryption(`<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${id}</KMSMasterKeyID>`),
      }),
    });
    const described = (Arn: string) => () =>
      kms({
        KeyMetadata: {
          Arn,
          KeyId: '1234',
          KeyManager: 'CUSTOMER',
          KeyState: 'Enabled',
          KeySpec: 'RSA_2048',
        },
      });

    test('is found by its alias, and its policy by its own ARN', async () => {
      const bucket = await bucketOf({
        ...encrypted('alias/logs'),
        'kms:DescribeKey': described(keyArn),
        'kms:GetKeyPolicy': () => kms({ Policy: '{}' }),
      });
      expect(bucket.kmsKey).toMatchObject({
        value: { arn: keyArn, keySpec: 'RSA_2048', policy: { value: { text: '{}' } } },
      });
      expect(JSON.parse(asked('kms:DescribeKey')[0]?.body ?? '')).toEqual({ KeyId: 'alias/logs' });
      expect(JSON.parse(asked('kms:GetKeyPolicy')[0]?.body ?? '')).toEqual({
        KeyId: keyArn,
        PolicyName: 'default',
      });
    });

    test('that somebody manages whom the rules do not know is not taken for one of theirs', async () => {
      const KeyMetadata = { Arn: keyArn, KeyId: '1234', KeyManager: 'INVENTED', KeyState: 'Enabled' };
      const bucket = await bucketOf({ ...encrypted('1234'), 'kms:DescribeKey': () => kms({ KeyMetadata }) });
      expect(bucket.kmsKey?.state).toBe('unreadable');
    });

    test.each([
      ['alias/aws/s3', false],
      [`arn:aws:kms:eu-west-1:${ACCOUNT}:alias/aws/s3`, false],
      ['arn:aws:kms:eu-west-1:999999999999:alias/aws/s3', true],
      ['alias/logs', true],
    ])('named %s: whether it is asked for is %s', async (id, isAsked) => {
      const bucket = await bucketOf({
        ...encrypted(id),
        'kms:DescribeKey': () => kmsError(400, 'NotFoundException'),
      });
      expect([asked('kms:DescribeKey').length > 0, bucket.kmsKey !== undefined]).toEqual([isAsked, isAsked]);
    });

    test('that does not exist is absent', async () => {
      const bucket = await bucketOf({
        ...encrypted('1234'),
        'kms:DescribeKey': () => kmsError(400, 'NotFoundException'),
      });
      expect(bucket.kmsKey).toEqual({ state: 'absent' });
    });

    test('of another account may be refused', async () => {
      const bucket = await bucketOf({
        ...encrypted(keyArn.replace(ACCOUNT, '999999999999')),
        'kms:DescribeKey': () => kmsError(400, 'AccessDeniedException'),
      });
      expect(bucket.kmsKey).toMatchObject({
        state: 'unreadable',
        reason: {
          api: 'kms:DescribeKey',
          code: 'AccessDeniedException',
          permission: 'kms:DescribeKey',
          accountId: ACCOUNT,
        },
      });
    });

    test('of another account keeps its policy to itself, and is not asked for it', async () => {
      const foreign = keyArn.replace(ACCOUNT, '999999999999');
      const bucket = await bucketOf({ ...encrypted(foreign), 'kms:DescribeKey': described(foreign) });
      expect(bucket.kmsKey).toMatchObject({
        value: {
          policy: {
            state: 'unreadable',
            reason: {
              message: `the policy of the key ${foreign} can be read in its own account 999999999999 alone`,
            },
          },
        },
      });
      expect(asked('kms:GetKeyPolicy')).toEqual([]);
    });
  });

  test('a region to opt in to that refuses the credentials is named as one', async () => {
    const refused = () => s3Error(400, 'InvalidToken');
    const { bucket } = await observe({
      's3:HeadBucket': () => ({ status: 400 }),
      's3:GetBucketPolicy': refused,
      's3:GetPublicAccessBlock': refused,
      's3:GetBucketAcl': refused,
      's3:GetBucketEncryption': refused,
    });
    expect(bucket).toMatchObject({ state: 'unreadable', reason: { api: 's3:HeadBucket' } });
    const withHead = await bucketOf({ 's3:GetBucketPolicy': refused });
    expect(withHead.policy).toMatchObject({
      reason: {
        code: 'InvalidToken',
        message: expect.stringContaining('if eu-west-1 is a region to opt in to'),
      },
    });
  });

  test('an answer that never comes ends with the call’s deadline, a cancelled run at once', async () => {
    const never = { 'iam:GetRole': () => ({ headers: { 'content-length': '100' }, body: '<' }) };
    const { role: late } = await observe(never, { callDeadline: 150 });
    expect(late).toMatchObject({
      reason: {
        message: 'iam:GetRole gave no answer within 0.15 seconds, retries included; run it again later',
      },
    });
    const abort = new AbortController();
    const whenRead = setInterval(() => {
      if (asked('s3:GetBucketEncryption').length > 0) setTimeout(() => abort.abort(), 200);
    }, 10);
    const { role: cancelled, bucket } = await observe(never, { signal: abort.signal });
    clearInterval(whenRead);
    expect(cancelled).toMatchObject({ reason: { code: 'AbortError' } });
    expect(bucket.state).toBe('value');
  });
});
