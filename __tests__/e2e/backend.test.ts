/** State in S3, locked by a file beside it; and another account, entered by a role. On real parts. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Report } from '../../checks/verdict/finding';
import { altrExport, synthesise } from './support/command';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';
import { terraform, terraformCliConfig } from './support/terraform';

const STATE = 'acme-terraform-state';
const KEY = 'altr/other.tfstate';
const OTHER_ACCOUNT = '222233334444';

describeOnRealParts('state in S3', ['emulator', 'terraform'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-backend-'));
  const config = join(folder, 'altr-exports.json');
  const cwd = join(folder, 'cdktf.out', 'stacks', 'other');
  let emulator: Emulator;
  let env: Readonly<Record<string, string>>;
  let s3: S3Client;

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...emulator.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), TF_IN_AUTOMATION: '1' };
    s3 = new S3Client({
      endpoint: emulator.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: STATE }));
    writeFileSync(
      config,
      JSON.stringify({
        altr: { awsAccountId: '098765432109' },
        exports: [
          {
            name: 'other',
            clientId: 'client-1',
            bucket: 'other-altr-logs',
            region: 'eu-central-1',
            accountId: OTHER_ACCOUNT,
            assumeRoleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/deployer`,
          },
        ],
        backend: { s3: { bucket: STATE, region: 'us-east-1', keyPrefix: 'altr/' } },
        defaultTags: { team: 'security' },
      }),
    );
    await synthesise(config, join(folder, 'cdktf.out'), env);
    await terraform(['init', '-input=false', '-no-color'], { cwd, env });
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a lock that somebody holds stops the apply, without any table', async () => {
    const lock = {
      ID: '1',
      Operation: 'OperationTypeApply',
      Who: 'somebody@elsewhere',
      Version: '1.11.4',
      Created: '2026-01-01T00:00:00Z',
    };
    await s3.send(new PutObjectCommand({ Bucket: STATE, Key: `${KEY}.tflock`, Body: JSON.stringify(lock) }));
    const { stderr } = await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], {
      cwd,
      env,
      codes: [1],
    });
    expect(stderr).toMatch(/Error acquiring the state lock/);
    await s3.send(new DeleteObjectCommand({ Bucket: STATE, Key: `${KEY}.tflock` }));
  });

  test('the apply leaves its state there and nowhere else, and the lock gone', async () => {
    await terraform(['apply', '-input=false', '-no-color', '-auto-approve'], { cwd, env });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STATE }));
    expect(Contents.map((object) => object.Key)).toEqual([KEY]);
    const state = await (
      await s3.send(new GetObjectCommand({ Bucket: STATE, Key: KEY }))
    ).Body?.transformToString();
    expect(state).toContain(`arn:aws:iam::${OTHER_ACCOUNT}:role/ALTRPublishSIEMDataOther`);
    expect(state).toMatch(/"tags_all": \{\s*"team": "security"/);
    expect(readdirSync(folder).filter((name) => name.includes('tfstate'))).toEqual([]);
    expect(existsSync(join(cwd, 'terraform.tfstate'))).toBe(false);
  });

  test('what was deployed in the other account is compliant', async () => {
    const { code, stdout } = await altrExport(['check', '--config', config, '--format', 'json'], { env });
    const { exports } = JSON.parse(stdout) as Report;
    expect({ code, accounts: exports.map(({ accountId }) => accountId) }).toEqual({
      code: 0,
      accounts: [OTHER_ACCOUNT],
    });
  });
});
