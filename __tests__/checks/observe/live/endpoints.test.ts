/** Endpoints of the AWS configuration files: S3 is asked by path at an IP address, and advice names the file's setting. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observeLive } from '../../../../checks/observe/live';
import { contractFor } from '../../../../contract/contract';
import { compliantAnswers, type FakeAws, startFakeAws } from './fake-aws';

const contract = contractFor({
  name: 'files',
  altrAccountId: '111122223333',
  clientId: 'the-client',
  bucket: 'files-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataFiles',
});

jest.setTimeout(60_000);

describe('an endpoint of the AWS config file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-endpoints-'));
  const before = { ...process.env };
  let aws: FakeAws;
  let files = 0;

  beforeAll(async () => {
    aws = await startFakeAws(() => compliantAnswers(contract));
  });
  afterAll(async () => {
    process.env = before;
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  const observe = (config: string, env: Record<string, string> = {}) => {
    const file = join(folder, `config-${files++}`);
    writeFileSync(file, config);
    const { AWS_ENDPOINT_URL: _, ...rest } = before;
    process.env = {
      ...rest,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_REGION: 'us-east-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_CONFIG_FILE: file,
      ...env,
    };
    return observeLive([contract], { altrAccountId: contract.altrAccountId, listRoles: false });
  };

  test.each([
    ['of the profile', (url: string) => `[default]\nendpoint_url = ${url}\n`],
    [
      'of services',
      (url: string) =>
        `[default]\nservices = local\n[services local]\n${['s3', 'iam', 'sts', 's3_control']
          .map((name) => `${name} =\n  endpoint_url = ${url}\n`)
          .join('')}`,
    ],
  ])('%s is used, with the bucket in the path', async (_what, config) => {
    const seen = await observe(config(aws.url));
    expect(JSON.stringify(seen)).not.toContain('unreadable');
    expect(seen.exports[0]?.bucket).toMatchObject({ state: 'value' });
  });

  test('is not used if the environment says so, or names another', async () => {
    const nowhere = '[default]\nendpoint_url = http://127.0.0.1:9\n';
    const seen = await observe(nowhere, { AWS_ENDPOINT_URL: aws.url });
    expect(JSON.stringify(seen)).not.toContain('unreadable');
  });

  test.each([
    ['[default]\nendpoint_url = URL\n', /Check endpoint_url of the profile default in the AWS config file$/],
    [
      '[default]\nservices = local\n[services local]\nsts =\n  endpoint_url = URL\niam =\n  endpoint_url = URL\n',
      /Check endpoint_url of sts in services local of the AWS config file$/,
    ],
  ])('that is not AWS is named in %j', async (config, advice) => {
    const other = await startFakeAws(() => ({
      'sts:GetCallerIdentity': () => ({ body: '<html><body>Hello</body></html>' }),
    }));
    try {
      const { exports } = await observe(config.replaceAll('URL', other.url));
      expect(exports[0]?.accountId).toMatchObject({ reason: { message: expect.stringMatching(advice) } });
    } finally {
      await other.stop();
    }
  });
});
