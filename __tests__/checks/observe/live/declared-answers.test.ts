/**
 * What AWS answers on what S3 does with logs by itself, and on what the config declares. The answers are those of the S3, S3
 * Control and KMS API References: the emulator lacks some of them (a lifecycle's minimum object size, pages of inventories).
 */
import { type ObserveTarget, observeLive } from '../../../../checks/observe/live';
import type { ExportObservation } from '../../../../checks/observe/observation';
import { exportObservation } from '../../../../checks/observe/observation-schema';
import { contractFor } from '../../../../contract/contract';
import {
  ACCOUNT,
  type Answer,
  type Answers,
  compliantAnswers,
  encoded,
  encryption,
  fakeAwsForSuite,
  kms,
  kmsError,
  query,
  queryError,
  s3Error,
} from './fake-aws';

const contract = contractFor({
  name: 'declared',
  altrAccountId: '111122223333',
  clientId: 'the-client',
  bucket: 'declared-altr-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataDeclared',
});
const NOTHING = {
  versioning: false,
  logging: false,
  readers: [],
  formerKeys: [],
  path: '/',
};
const OTHER = '999999999999';

jest.setTimeout(60_000);

describe('what AWS answers', () => {
  const aws = fakeAwsForSuite();

  const observe = async (
    changed: Answers,
    declared?: Partial<ObserveTarget['declared']>,
  ): Promise<ExportObservation> => {
    aws.answer({ ...compliantAnswers(contract), ...changed });
    const target = { ...contract, declared: declared && { ...NOTHING, ...declared } };
    const { exports } = await observeLive([target], { altrAccountId: contract.altrAccountId });
    if (!exports[0]) throw new Error('nothing was observed');
    return JSON.parse(JSON.stringify(exports[0])) as ExportObservation;
  };
  const bucketOf = async (...args: Parameters<typeof observe>) => {
    const { bucket } = await observe(...args);
    if (bucket.state !== 'value') throw new Error(`no bucket: ${JSON.stringify(bucket)}`);
    return bucket.value;
  };
  const asked = (api: string) => aws.seen.filter((request) => request.api === api);
  const body = (text: string) => (): Answer => ({ body: text });

  test('a bucket without any of it has none of it', async () => {
    const { lifecycle, replication, inventories, ...others } = await bucketOf({});
    expect({ lifecycle, replication, inventories }).toEqual({
      lifecycle: { state: 'absent' },
      replication: { state: 'absent' },
      inventories: { state: 'value', value: [] },
    });
    expect(others).not.toHaveProperty('versioning');
    expect(others).not.toHaveProperty('accessPoints');
  });

  test.each([
    ['lifecycle', 's3:GetBucketLifecycleConfiguration', 's3:GetLifecycleConfiguration'],
    ['replication', 's3:GetBucketReplication', 's3:GetReplicationConfiguration'],
    ['inventories', 's3:ListBucketInventoryConfigurations', 's3:GetInventoryConfiguration'],
  ] as const)(
    'who may not read the %s is told which permission is missing',
    async (what, api, permission) => {
      const bucket = await bucketOf({ [api]: () => s3Error(403, 'AccessDenied') });
      expect(bucket[what]).toMatchObject({ state: 'unreadable', reason: { api, permission } });
    },
  );

  test('a lifecycle is read whole', async () => {
    const { lifecycle } = await bucketOf({
      's3:GetBucketLifecycleConfiguration': () => ({
        headers: { 'x-amz-transition-default-minimum-object-size': 'varies_by_storage_class' },
        body: `<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><And><Prefix>p/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></And></Filter><Expiration><Days>1</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration><Transition><Days>0</Days><StorageClass>GLACIER</StorageClass></Transition><AbortIncompleteMultipartUpload><DaysAfterInitiation>3</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule><Rule><ID>b</ID><Status>Disabled</Status><Prefix>old/</Prefix><Expiration><Date>2026-01-01T00:00:00.000Z</Date></Expiration></Rule></LifecycleConfiguration>`,
      }),
    });
    expect(lifecycle).toEqual({
      state: 'value',
      value: {
        transitionDefaultMinimumObjectSize: 'varies_by_storage_class',
        rules: [
          {
            id: 'a',
            status: 'Enabled',
            filter: { prefix: 'p/', tags: [{ key: 'k', value: 'v' }], objectSizeGreaterThan: 5 },
            expiration: { days: 1 },
            noncurrentVersionExpiration: { noncurrentDays: 2 },
            transitions: [{ days: 0, storageClass: 'GLACIER' }],
            noncurrentVersionTransitions: [],
            abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
          },
          {
            id: 'b',
            status: 'Disabled',
            filter: { prefix: 'old/' },
            expiration: { date: '2026-01-01T00:00:00.000Z' },
            transitions: [],
            noncurrentVersionTransitions: [],
          },
        ],
      },
    });
  });

  test('a rule without a status is no answer', async () => {
    const rule =
      '<LifecycleConfiguration><Rule><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>';
    const { lifecycle } = await bucketOf({ 's3:GetBucketLifecycleConfiguration': body(rule) });
    expect(lifecycle?.state).toBe('unreadable');
  });

  describe('a bucket that S3 writes to', () => {
    const replicatedTo = (destination: string) =>
      body(
        `<ReplicationConfiguration><Role>arn:aws:iam::${ACCOUNT}:role/r</Role><Rule><ID>r</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::copies</Bucket>${destination}</Destination></Rule></ReplicationConfiguration>`,
      );
    const listing = (names: string[]) =>
      body(
        `<ListAllMyBucketsResult><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`,
      );
    const ownerOf = async (changed: Answers, destination = '') => {
      const { replication } = await bucketOf({
        's3:GetBucketReplication': replicatedTo(destination),
        ...changed,
      });
      if (replication?.state !== 'value') throw new Error(JSON.stringify(replication));
      return replication.value.rules[0]?.destination.owner;
    };

    test('is the account’s own if it lists it, and another’s if it does not', async () => {
      expect(await ownerOf({ 's3:ListBuckets': listing(['copies', 'copies-too']) })).toMatchObject({
        value: 'audited-account',
      });
      expect(await ownerOf({ 's3:ListBuckets': listing(['copies-too']) })).toMatchObject({
        value: 'another-account',
      });
      expect(await ownerOf({ 's3:ListBuckets': () => s3Error(403, 'AccessDenied') })).toMatchObject({
        state: 'unreadable',
        reason: { permission: 's3:ListAllMyBuckets' },
      });
    });

    test('is another’s if the rule names another account; its own is not taken on trust', async () => {
      const named = (id: string) => `<Account>${id}</Account>`;
      expect(await ownerOf({}, named(OTHER))).toMatchObject({ value: 'another-account' });
      expect(asked('s3:ListBuckets')).toHaveLength(0);
      const not = { 's3:ListBuckets': listing([]) };
      expect(await ownerOf(not, named(ACCOUNT))).toMatchObject({ value: 'another-account' });
    });

    test('is asked for once, however many rules and inventories name it', async () => {
      const inventory = (id: string) =>
        `<InventoryConfiguration><Id>${id}</Id><IsEnabled>true</IsEnabled><Destination><S3BucketDestination><Bucket>arn:aws:s3:::copies</Bucket><Format>CSV</Format></S3BucketDestination></Destination><IncludedObjectVersions>All</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule></InventoryConfiguration>`;
      const page = (text: string, next?: string) =>
        `<ListInventoryConfigurationsResult>${text}<IsTruncated>${next !== undefined}</IsTruncated>${next ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}</ListInventoryConfigurationsResult>`;
      const { inventories } = await bucketOf({
        's3:GetBucketReplication': replicatedTo(''),
        's3:ListBuckets': listing(['copies']),
        's3:ListBucketInventoryConfigurations': ({ url }) => ({
          body: url.includes('continuation-token=next') ? page(inventory('b')) : page(inventory('a'), 'next'),
        }),
      });
      const destination = {
        bucket: 'arn:aws:s3:::copies',
        owner: { state: 'value', value: 'audited-account' },
      };
      expect(inventories).toEqual({
        state: 'value',
        value: [
          { id: 'a', isEnabled: true, destination },
          { id: 'b', isEnabled: true, destination },
        ],
      });
      expect(asked('s3:ListBuckets')).toHaveLength(1);
    });
  });

  describe('Object Lock, which no config has to declare,', () => {
    const lock = (inner: string): Answers => ({
      's3:GetObjectLockConfiguration': body(`<ObjectLockConfiguration>${inner}</ObjectLockConfiguration>`),
    });
    const ENABLED = '<ObjectLockEnabled>Enabled</ObjectLockEnabled>';
    const retention = (inner: string) => `<Rule><DefaultRetention>${inner}</DefaultRetention></Rule>`;

    test('may be off', async () => {
      expect((await bucketOf({})).objectLock).toEqual({ state: 'absent' });
      expect(asked('s3:GetObjectLockConfiguration')).toHaveLength(1);
    });

    test('may be on, with a default retention or without one', async () => {
      expect((await bucketOf(lock(ENABLED))).objectLock).toEqual({ state: 'value', value: {} });
      const year = retention('<Mode>COMPLIANCE</Mode><Days>0</Days><Years>1</Years>');
      expect((await bucketOf(lock(ENABLED + year))).objectLock).toEqual({
        state: 'value',
        value: { defaultRetention: { mode: 'COMPLIANCE', years: 1 } },
      });
    });

    test('is unreadable if AWS refuses to show it', async () => {
      const bucket = await bucketOf({ 's3:GetObjectLockConfiguration': () => s3Error(403, 'AccessDenied') });
      expect(bucket.objectLock).toMatchObject({
        state: 'unreadable',
        reason: { permission: 's3:GetBucketObjectLockConfiguration' },
      });
    });
  });

  describe('what the config declares', () => {
    const DECLARED = { versioning: true, logging: true };

    test('may be off', async () => {
      const bucket = await bucketOf(
        {
          's3:GetBucketVersioning': body('<VersioningConfiguration/>'),
          's3:GetBucketLogging': body('<BucketLoggingStatus/>'),
        },
        DECLARED,
      );
      expect(bucket).toMatchObject({
        versioning: { state: 'absent' },
        logging: { state: 'absent' },
      });
    });

    test('may be on', async () => {
      const bucket = await bucketOf(
        {
          's3:GetBucketVersioning': body(
            '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
          ),
          's3:GetBucketLogging': body(
            '<BucketLoggingStatus><LoggingEnabled><TargetBucket>access</TargetBucket><TargetPrefix>a/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>',
          ),
        },
        DECLARED,
      );
      expect(bucket).toMatchObject({
        versioning: { value: { status: 'Suspended', mfaDelete: false } },
        logging: { value: { targetBucket: 'access', targetPrefix: 'a/' } },
      });
    });

    test('is not asked for where it declares nothing', async () => {
      await bucketOf({}, {});
      expect(aws.seen.map(({ api }) => api)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/Versioning|Logging/)]),
      );
    });

    test('versioning is asked for all the same if the lifecycle deletes former versions', async () => {
      const deleting = (status: string): Answers => ({
        's3:GetBucketLifecycleConfiguration': body(
          `<LifecycleConfiguration><Rule><ID>r</ID><Status>${status}</Status><Filter></Filter><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>`,
        ),
        's3:GetBucketVersioning': body(
          '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
        ),
      });
      expect((await bucketOf(deleting('Enabled'))).versioning).toMatchObject({
        value: { status: 'Enabled' },
      });
      expect((await bucketOf(deleting('Disabled'))).versioning).toBeUndefined();
      expect(asked('s3:GetBucketVersioning')).toEqual([]);
    });

    test('readers are their role, or their policy under the declared path', async () => {
      const arn = `arn:aws:iam::${ACCOUNT}:policy/logs/reader-b`;
      const { readers } = await observe(
        {
          'iam:GetPolicy': ({ body: form }) =>
            form.includes(encodeURIComponent(arn))
              ? query('GetPolicy', '<Policy><DefaultVersionId>v1</DefaultVersionId></Policy>')
              : queryError(404, 'NoSuchEntity'),
          'iam:GetPolicyVersion': () =>
            query('GetPolicyVersion', `<PolicyVersion><Document>${encoded({})}</Document></PolicyVersion>`),
        },
        {
          path: '/logs/',
          readers: [
            { name: 'a', roleName: 'reader-a', hasRole: true },
            { name: 'b', roleName: 'reader-b', hasRole: false },
            { name: 'c', roleName: 'reader-c', hasRole: false },
          ],
        },
      );
      expect(readers).toMatchObject([
        { name: 'a', role: { state: 'value' } },
        { name: 'b', policy: { value: { text: '{}' } } },
        { name: 'c', policy: { state: 'absent' } },
      ]);
    });
  });

  describe('the bucket of the copies', () => {
    const COPIES = {
      bucket: 'declared-copies',
      region: 'eu-central-1',
      isExisting: false,
      versioning: true,
      logging: false,
    } as const;
    const ofCopies = () => aws.seen.filter(({ url }) => url.startsWith('/declared-copies'));
    const inTheirRegion: Answers = {
      's3:HeadBucket': ({ url }) => ({
        headers: {
          'x-amz-bucket-region': url.startsWith('/declared-copies') ? COPIES.region : contract.region,
        },
      }),
      's3:GetBucketVersioning': body(
        '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
      ),
    };

    test('is asked for in its own region, for what its account must own', async () => {
      const { bucket, copies } = await observe(inTheirRegion, { copies: COPIES });
      expect(copies).toMatchObject({
        value: {
          name: 'declared-copies',
          owner: { value: 'audited-account' },
          region: { value: 'eu-central-1' },
          publicAccessBlock: { state: 'value' },
          lifecycle: { state: 'absent' },
          objectLock: { state: 'absent' },
          versioning: { value: { status: 'Enabled' } },
        },
      });
      expect(bucket).not.toHaveProperty('value.versioning');
      expect(new Set(ofCopies().map(({ region }) => region))).toEqual(new Set(['eu-central-1']));
      expect(new Set(ofCopies().map(({ headers }) => headers['x-amz-expected-bucket-owner']))).toEqual(
        new Set([ACCOUNT]),
      );
      expect(
        ofCopies()
          .map(({ api }) => api)
          .sort(),
      ).toEqual([
        's3:GetBucketAcl',
        's3:GetBucketEncryption',
        's3:GetBucketLifecycleConfiguration',
        's3:GetBucketPolicy',
        's3:GetBucketReplication',
        's3:GetBucketVersioning',
        's3:GetObjectLockConfiguration',
        's3:GetPublicAccessBlock',
        's3:HeadBucket',
        's3:ListBucketInventoryConfigurations',
      ]);
    });

    test('is asked for access logging if it is declared', async () => {
      await observe(inTheirRegion, { copies: { ...COPIES, logging: true } });
      expect(ofCopies().map(({ api }) => api)).toContain('s3:GetBucketLogging');
    });

    test('may not exist', async () => {
      const isGone = (answer: Answer) => (request: { readonly url: string }) =>
        request.url.startsWith('/declared-copies') ? s3Error(404, 'NoSuchBucket') : answer;
      const gone = Object.fromEntries(
        Object.entries({ ...compliantAnswers(contract), ...inTheirRegion })
          .filter(([api]) => api.startsWith('s3:'))
          .map(([api, answer]) => [api, isGone(answer({ api, region: '', headers: {}, url: '', body: '' }))]),
      );
      const { bucket, copies } = await observe(gone, { copies: COPIES });
      expect(bucket.state).toBe('value');
      expect(copies).toEqual({ state: 'absent' });
    });

    test('costs an export without one no call', async () => {
      const { copies } = await observe({}, {});
      expect(copies).toBeUndefined();
      expect(ofCopies()).toEqual([]);
    });
  });

  describe('former keys', () => {
    const former = (id: string) => `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${id}`;

    test('are asked what they are and who may use them, and for no grants', async () => {
      const { formerKeys } = await observe(
        {
          'kms:DescribeKey': ({ body: text }) =>
            text.includes('key/gone')
              ? kmsError(400, 'NotFoundException')
              : kms({
                  KeyMetadata: {
                    Arn: former('old'),
                    KeyId: 'old',
                    KeyManager: 'CUSTOMER',
                    KeyState: 'PendingDeletion',
                  },
                }),
          'kms:GetKeyPolicy': () => kms({ Policy: '{}' }),
        },
        { formerKeys: [former('old'), former('gone')] },
      );
      expect(formerKeys).toEqual([
        {
          arn: former('old'),
          key: {
            state: 'value',
            value: {
              arn: former('old'),
              keyManager: 'CUSTOMER',
              keyState: 'PendingDeletion',
              policy: { state: 'value', value: { source: `key policy of ${former('old')}`, text: '{}' } },
            },
          },
        },
        { arn: former('gone'), key: { state: 'absent' } },
      ]);
      expect(asked('kms:ListGrants')).toEqual([]);
      expect(exportObservation.parse({ ...(await observe({})), formerKeys }).formerKeys).toEqual(formerKeys);
    });

    test('that may not be described say which permission is missing', async () => {
      const { formerKeys } = await observe(
        { 'kms:DescribeKey': () => kmsError(400, 'AccessDeniedException') },
        { formerKeys: [former('old')] },
      );
      expect(formerKeys).toMatchObject([
        { key: { state: 'unreadable', reason: { permission: 'kms:DescribeKey' } } },
      ]);
    });

    test('are not asked for where none is declared', async () => {
      expect((await observe({}, {})).formerKeys).toBeUndefined();
      expect(asked('kms:DescribeKey')).toEqual([]);
    });
  });

  describe('grants of the bucket’s key', () => {
    const arn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
    const withKey = (keyId: string, manager: string): Answers => ({
      's3:GetBucketEncryption': body(
        encryption(`<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${keyId}</KMSMasterKeyID>`),
      ),
      'kms:DescribeKey': () =>
        kms({ KeyMetadata: { Arn: arn, KeyId: '1234', KeyManager: manager, KeyState: 'Enabled' } }),
      'kms:GetKeyPolicy': () => kms({ Policy: '{}' }),
    });

    test('are read to the last page', async () => {
      const entry = (GrantId: string, more: object) => ({ GrantId, Operations: ['Decrypt'], ...more });
      const bucket = await bucketOf({
        ...withKey(arn, 'CUSTOMER'),
        'kms:ListGrants': ({ body: text }) =>
          text.includes('"Marker":"next"')
            ? kms({
                Grants: [entry('b', { GranteeServicePrincipal: 'x.amazonaws.com' })],
                Truncated: false,
              })
            : kms({
                Grants: [
                  entry('a', {
                    GranteePrincipal: `arn:aws:iam::${OTHER}:root`,
                    Constraints: { EncryptionContextSubset: { k: 'v' } },
                  }),
                ],
                Truncated: true,
                NextMarker: 'next',
              }),
      });
      expect(bucket.kmsKey).toMatchObject({
        value: {
          grants: {
            value: [
              {
                grantId: 'a',
                granteePrincipal: `arn:aws:iam::${OTHER}:root`,
                constraints: { encryptionContextSubset: { k: 'v' } },
              },
              { grantId: 'b', granteePrincipal: 'x.amazonaws.com', operations: ['Decrypt'] },
            ],
          },
        },
      });
    });

    test('are not asked for where AWS manages the key', async () => {
      const { kmsKey } = await bucketOf(withKey('1234', 'AWS'));
      expect(kmsKey).toMatchObject({ state: 'value' });
      expect(asked('kms:ListGrants')).toHaveLength(0);
    });

    test('that may not be read are not taken for none', async () => {
      const { kmsKey } = await bucketOf({
        ...withKey(arn, 'CUSTOMER'),
        'kms:ListGrants': () => ({ status: 400, body: '{"__type":"AccessDeniedException"}' }),
      });
      expect(kmsKey).toMatchObject({
        value: { grants: { state: 'unreadable', reason: { permission: 'kms:ListGrants' } } },
      });
    });
  });

  describe('access points', () => {
    const delegating = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: '*',
          Resource: '*',
          Condition: { StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } },
        },
      ],
    };
    const point = (name: string) =>
      `<AccessPoint><Name>${name}</Name><NetworkOrigin>Internet</NetworkOrigin><Bucket>${contract.bucket}</Bucket><AccessPointArn>arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/${name}</AccessPointArn></AccessPoint>`;

    test('are read where the bucket’s policy delegates to them, however it spells that', async () => {
      const spelt = JSON.stringify(delegating).replace('s3:Data', 's3:\\u0064ata');
      const { accessPoints } = await bucketOf({
        's3:GetBucketPolicy': body(spelt),
        's3control:ListAccessPoints': body(
          `<ListAccessPointsResult><AccessPointList>${point('open')}${point('plain')}</AccessPointList></ListAccessPointsResult>`,
        ),
        's3control:GetAccessPointPolicy': ({ url }) =>
          url.includes('/open/')
            ? {
                body: '<GetAccessPointPolicyResult><Policy>{"Statement":[]}</Policy></GetAccessPointPolicyResult>',
              }
            : s3Error(404, 'NoSuchAccessPointPolicy'),
      });
      expect(accessPoints).toMatchObject({
        value: [
          { name: 'open', networkOrigin: 'Internet', policy: { value: { text: '{"Statement":[]}' } } },
          { name: 'plain', policy: { state: 'absent' } },
        ],
      });
      expect(asked('s3control:ListAccessPoints')[0]?.url).toContain(`bucket=${contract.bucket}`);
    });

    test('are not asked for where it doesn’t, and not taken for none where they may not be listed', async () => {
      await bucketOf({ 's3:GetBucketPolicy': body('{"Version":"2012-10-17"}') });
      expect(asked('s3control:ListAccessPoints')).toHaveLength(0);
      const { accessPoints } = await bucketOf({
        's3:GetBucketPolicy': body(JSON.stringify(delegating)),
        's3control:ListAccessPoints': () => s3Error(403, 'AccessDenied'),
      });
      expect(accessPoints).toMatchObject({
        state: 'unreadable',
        reason: { permission: 's3:ListAccessPoints' },
      });
    });
  });

  test('a role’s session, tags and description come with the role', async () => {
    const role = (more: string) =>
      query(
        'GetRole',
        `<Role><RoleName>${contract.roleName}</RoleName><Path>/</Path><Arn>arn:aws:iam::${ACCOUNT}:role/${contract.roleName}</Arn><AssumeRolePolicyDocument>${encoded({})}</AssumeRolePolicyDocument>${more}</Role>`,
      );
    const { role: full } = await observe({
      'iam:GetRole': () =>
        role(
          '<MaxSessionDuration>7200</MaxSessionDuration><Description>d</Description><Tags><member><Key>a</Key><Value>b</Value></member><member><Key>aws:x</Key><Value>y</Value></member></Tags>',
        ),
    });
    expect(full).toMatchObject({
      value: {
        maxSessionDuration: { value: 7200 },
        description: { value: 'd' },
        tags: { state: 'value', value: { a: 'b' } },
      },
    });
  });
});
