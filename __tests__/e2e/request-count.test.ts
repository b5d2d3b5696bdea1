/** What a check of one export costs: how many calls, and how many of them wait for another. */
import { DeletePublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { observeLive } from '../../checks/observe/live';
import { contractFor } from '../../contract/contract';
import { type Emulator, startEmulator } from './support/emulator';
import { setUpEverything } from './support/everything';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport } from './support/set-up';

const contract = contractFor({
  name: 'counted',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'counted-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataCounted',
});

describeOnRealParts('the calls of a check', ['emulator'], () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    process.env = { ...emulator.env, AWS_ENDPOINT_URL: proxy.url };
    await setUpExport(await clientsFor(emulator.url), contract);
  }, 60_000);

  afterAll(async () => {
    process.env = before;
    await proxy?.stop();
    await emulator?.stop();
  });

  test('one export with one attached policy takes these sixteen, and no other', async () => {
    proxy.clear();
    await observeLive([contract], { altrAccountId: contract.altrAccountId });
    expect([...proxy.seen].sort()).toEqual([
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:ListRoles',
      's3:GetBucketAcl',
      's3:GetBucketEncryption',
      's3:GetBucketLifecycleConfiguration',
      's3:GetBucketPolicy',
      's3:GetBucketReplication',
      's3:GetObjectLockConfiguration',
      's3:GetPublicAccessBlock',
      's3:HeadBucket',
      's3:ListBucketInventoryConfigurations',
      'sts:GetCallerIdentity',
    ]);
  });

  test('a second export of the account shares what they have in common', async () => {
    proxy.clear();
    await observeLive([contract, { ...contract, name: 'again' }], { altrAccountId: contract.altrAccountId });
    const count = (api: string) => proxy.seen.filter((seen) => seen === api).length;
    expect(
      ['iam:ListRoles', 'sts:GetCallerIdentity', 'iam:GetPolicy', 'iam:GetPolicyVersion'].map(count),
    ).toEqual([1, 1, 1, 1]);
  });

  test('without the rule that needs it the account’s roles are not listed', async () => {
    proxy.clear();
    await observeLive([contract], { altrAccountId: contract.altrAccountId, listRoles: false });
    expect(proxy.seen).not.toContain('iam:ListRoles');
  });

  describe('one after the other', () => {
    let waves: readonly (readonly string[])[];
    /** The waves of calls in which a check asks. */
    const wavesOf = async (more: Partial<Parameters<typeof observeLive>[0][0]> = {}) => {
      const before = waves.length;
      await observeLive([{ ...contract, ...more }], { altrAccountId: contract.altrAccountId });
      return waves.slice(before);
    };
    const calls = (of: readonly (readonly string[])[]) => of.flat().length;

    beforeAll(() => {
      waves = proxy.gatherWaves(600);
    });

    test('are at most three of the sixteen', async () => {
      const asked = await wavesOf();
      expect(calls(asked)).toBe(16);
      expect(asked.length).toBeLessThanOrEqual(3);
    });

    test('are three of seventeen where the account’s public access block is needed', async () => {
      const { s3 } = await clientsFor(emulator.url);
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket: contract.bucket }));
      const asked = await wavesOf();
      expect(calls(asked)).toBe(17);
      expect(asked.length).toBeLessThanOrEqual(3);
      expect(asked.at(-1)).toContain('s3control:GetPublicAccessBlock');
    });

    test('are three with a boundary, a key that is named by its ARN and declared settings; a fourth has access points’ policies and a feed alone, and a bucket’s tags come last', async () => {
      const everything = {
        ...contract,
        name: 'everything',
        bucket: 'all-logs',
        roleName: 'ALTRPublishSIEMDataAll',
      };
      await setUpEverything(emulator.url, everything);
      const withKey = await wavesOf(everything);
      expect(withKey.flat()).toEqual(
        expect.arrayContaining(['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants']),
      );
      expect(withKey.slice(3)).toEqual([
        ['s3control:GetAccessPointPolicy'],
        ['s3:GetBucketAbac'],
        ['s3control:ListTagsForResource'],
      ]);
      const withFeed = await wavesOf({ ...everything, feedConsumers: ['splunk'] });
      expect(withFeed.flat()).toContain('sqs:GetQueueAttributes');
      expect(withFeed.length).toBeLessThanOrEqual(6);
      expect(withFeed.slice(4)).toEqual([['s3:GetBucketAbac'], ['s3control:ListTagsForResource']]);
    });
  });
});
