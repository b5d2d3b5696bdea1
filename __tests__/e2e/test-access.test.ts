/**
 * `altr-export test-access` on the emulator. With its IAM enforcement on, it checks trust policies and ExternalIds as AWS
 * does, for a principal that the trust policy names; without, it lets everybody do everything, as the worst set-up would.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { AccessReport } from '../../cli/test-access/steps';
import { altrExport, ROOT } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { startStrictSts } from './support/strict-sts';
import { onTerminal } from './support/terminal';

const CLIENT = 'tested-client';
const FOREIGN = '098765432109';
const BUCKETS = ['tested-logs', 'tested-other-logs', 'tested-foreign-logs'];

const HAS_SCRIPT = spawnSync('script', ['--version']).status === 0;
if (!HAS_SCRIPT)
  process.stderr.write('SKIPPED test-access on a terminal: the program script can’t be found\n');

describeOnRealParts('test-access', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-test-access-'));
  let emulator: Emulator;
  let strict: Awaited<ReturnType<typeof startStrictSts>>;
  let s3: S3Client;
  const keys = new Map<string, Readonly<Record<string, string>>>();

  /** A config for which ALTR's account is the given one. */
  const configFor = (awsAccountId: string, access: Readonly<Record<string, string>> = {}) => {
    const file = join(folder, `${[awsAccountId, ...Object.keys(access)].join('-')}.yaml`);
    const entry = (name: string, bucket: string, roleName: string) => ({
      name,
      bucket,
      roleName,
      region: 'us-east-1',
      clientId: CLIENT,
    });
    const exports = [
      entry('tested', 'tested-logs', 'ALTRPublishSIEMDataTested'),
      entry('other', 'tested-other-logs', 'ALTRPublishSIEMDataOther'),
      { ...entry('foreign', 'tested-foreign-logs', 'ALTRPublishSIEMDataForeign'), ...access },
    ];
    writeFileSync(file, JSON.stringify({ altr: { awsAccountId }, exports }));
    return file;
  };
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    altrExport(['test-access', ...args], { env: { ...emulator.env, ...env } });
  /** A user's credentials, on the endpoint that wants an ExternalId. */
  const as = (user: string) => ({ ...keys.get(user), AWS_ENDPOINT_URL: strict.url });
  const tested = async (name: string, altr: string, user?: string) => {
    const args = [name, '--config', configFor(altr), '--yes', '--format', 'json'];
    const { code, stdout, stderr } = await run(args, user === undefined ? {} : as(user));
    if (stdout === '') throw new Error(`no report: ${stderr}`);
    return { code, report: JSON.parse(stdout) as AccessReport };
  };
  const enforced = async <T>(work: () => Promise<T>): Promise<T> => {
    await emulator.enforceIam(true);
    try {
      return await work();
    } finally {
      await emulator.enforceIam(false);
    }
  };
  const summary = ({ steps }: AccessReport) =>
    Object.fromEntries(steps.map(({ id, status, basis }) => [id, `${status} ${basis}`]));
  /** Keys of objects, of their old versions and of delete markers. */
  const leftovers = async () => {
    const found = await Promise.all(
      BUCKETS.map((Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket }))),
    );
    return found.flatMap(({ Versions = [], DeleteMarkers = [] }) =>
      [...Versions, ...DeleteMarkers].map(({ Key }) => Key),
    );
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    strict = await startStrictSts(emulator.url);
    const at = {
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    };
    const iam = new IAMClient(at);
    s3 = new S3Client({ ...at, forcePathStyle: true });
    for (const Bucket of BUCKETS) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      if (Bucket === 'tested-foreign-logs')
        await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      };
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    }
    const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const document = (...Statement: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
    for (const [UserName, statements] of Object.entries({
      // A principal of the account that plays ALTR's.
      altr: [allow('sts:AssumeRole', '*'), allow('s3:DeleteObject', 'arn:aws:s3:::*')],
      'altr-without-delete': [allow('sts:AssumeRole', '*')],
      // An administrator of the customer's, who may do everything but what only ALTR may.
      admin: [allow('*', '*')],
    })) {
      await iam.send(new CreateUserCommand({ UserName }));
      await iam.send(
        new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: document(...statements) }),
      );
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      keys.set(UserName, {
        AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
      });
    }
    const role = async (RoleName: string, bucket: string, AWS: unknown) => {
      const trust = {
        Effect: 'Allow',
        Principal: { AWS },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': CLIENT } },
      };
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
      const PolicyDocument = document(allow('s3:PutObject', `arn:aws:s3:::${bucket}/*`));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument }));
    };
    const users = ['altr', 'altr-without-delete'].map(
      (user) => `arn:aws:iam::${EMULATOR_ACCOUNT}:user/${user}`,
    );
    await role('ALTRPublishSIEMDataTested', 'tested-logs', users);
    await role('ALTRPublishSIEMDataForeign', 'tested-foreign-logs', `arn:aws:iam::${FOREIGN}:root`);
  }, 120_000);

  afterAll(async () => {
    await strict?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('as ALTR, all of it is done for real, and nothing is left', async () => {
    const { code, report } = await enforced(() => tested('tested', EMULATOR_ACCOUNT, 'altr'));
    expect(summary(report)).toEqual({
      'assume-right': 'pass tested',
      'assume-wrong': 'pass tested',
      'assume-none': 'pass tested',
      put: 'pass tested',
      get: 'pass tested',
      list: 'pass tested',
      delete: 'pass tested',
      'put-elsewhere': 'pass tested',
    });
    expect({ code, status: report.status }).toEqual({ code: 0, status: 'pass' });
    expect(report.probes).toEqual([
      {
        bucket: 'tested-logs',
        key: expect.stringMatching(/^altr-export-test-access\/.+\.txt$/),
        removed: true,
      },
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test('who may not delete the probe is told its key', async () => {
    const args = ['tested', '--config', configFor(EMULATOR_ACCOUNT), '--yes'];
    const { code, stdout } = await enforced(() => run(args, as('altr-without-delete')));
    expect(code).toBe(0);
    const [, key = ''] =
      /The probe s3:\/\/tested-logs\/(\S+) is still there: you may not delete it\./.exec(stdout) ?? [];
    expect(await leftovers()).toEqual([key]);
    expect(stdout).toContain('ALTR can deliver, and nothing more.');
    await s3.send(new DeleteObjectCommand({ Bucket: 'tested-logs', Key: key }));
  });

  test('where everybody may do everything, every step says so, and nothing is left', async () => {
    const { code, report } = await tested('tested', EMULATOR_ACCOUNT);
    expect(summary(report)).toEqual({
      'assume-right': 'pass tested',
      'assume-wrong': 'fail tested',
      'assume-none': 'fail tested',
      put: 'pass tested',
      get: 'fail tested',
      list: 'fail tested',
      delete: 'fail tested',
      'put-elsewhere': 'fail tested',
    });
    expect(code).toBe(1);
    expect(report.probes.map(({ bucket, removed }) => [bucket, removed])).toEqual([
      ['tested-logs', true],
      ['tested-other-logs', true],
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test('another account than ALTR’s that gets in is a violation by itself', async () => {
    const { code, report } = await tested('foreign', FOREIGN);
    expect(code).toBe(1);
    expect(report.steps[0]).toMatchObject({ id: 'assume-foreign', status: 'fail' });
    expect(report.steps[0]?.message).toContain(`is not of ALTR’s account ${FOREIGN}, could assume it`);
    expect(report.steps[1]).toMatchObject({ id: 'assume-right', status: 'pass', basis: 'judged' });
    // Its bucket keeps versions, and everybody may delete: neither version nor marker stays.
    expect(report.probes[0]).toMatchObject({ bucket: 'tested-foreign-logs', removed: true });
    expect(await leftovers()).toEqual([]);
  });

  test('who is not ALTR gets the engine’s verdict, and is told why', async () => {
    const { code, report } = await enforced(() => tested('foreign', FOREIGN, 'admin'));
    expect(new Set(Object.values(summary(report)))).toEqual(new Set(['pass judged']));
    expect({ code, probes: report.probes }).toEqual({ code: 0, probes: [] });
    const said = Object.fromEntries(report.steps.map(({ id, message }) => [id, message]));
    expect(said['assume-right']).toMatch(
      /^AWS does not let arn:.*:user\/admin, which is not of ALTR’s account 098765432109, assume the role; by the rule trust-usable: ALTR can assume the role/,
    );
    // The emulator has no simulator.
    expect(said.put).toMatch(/; iam:SimulatePrincipalPolicy was refused or failed \(\w+\)$/);
    expect(await leftovers()).toEqual([]);
  });

  test('a role of one’s own may be assumed first', async () => {
    const args = ['tested', '--config', configFor(EMULATOR_ACCOUNT), '--yes', '--format', 'json'];
    const first = `arn:aws:iam::${EMULATOR_ACCOUNT}:role/ALTRPublishSIEMDataForeign`;
    const { stdout } = await run([...args, '--assume-role-arn', first]);
    expect((JSON.parse(stdout) as AccessReport).caller).toBe(
      `arn:aws:sts::${EMULATOR_ACCOUNT}:assumed-role/ALTRPublishSIEMDataForeign/altr-export`,
    );
  });

  test('the export’s own way into its account is taken, unless another is named', async () => {
    const first = (name: string) => `arn:aws:iam::${EMULATOR_ACCOUNT}:role/${name}`;
    const config = configFor(FOREIGN, { assumeRoleArn: first('ALTRPublishSIEMDataTested') });
    const args = ['foreign', '--config', config, '--yes', '--format', 'json'];
    const callers = await Promise.all(
      [[], ['--assume-role-arn', first('ALTRPublishSIEMDataForeign')]].map(async (more) => {
        const { stdout } = await run([...args, ...more]);
        return (JSON.parse(stdout) as AccessReport).caller.split('/')[1];
      }),
    );
    expect(callers).toEqual(['ALTRPublishSIEMDataTested', 'ALTRPublishSIEMDataForeign']);
  });

  test('what another account than the declared one holds says nothing', async () => {
    const config = configFor(FOREIGN, { accountId: '222222222222' });
    const args = ['foreign', '--config', config, '--yes', '--format', 'json'];
    const { code, stdout } = await enforced(() => run(args, as('admin')));
    const report = JSON.parse(stdout) as AccessReport;
    // The emulator lets one into any account; what it refuses is tested, and nothing is judged but as unknown.
    expect(report.steps.filter(({ basis, status }) => basis === 'judged' && status !== 'unknown')).toEqual(
      [],
    );
    expect({ code, right: summary(report)['assume-right'] }).toEqual({ code: 2, right: 'unknown judged' });
  });

  test('Ctrl-C in the midst of it ends the test, says where the probe lies, and removes it', async () => {
    const proxy = await startProxy(emulator.url);
    proxy.spoil('s3:ListObjectsV2', 'hang', 'once');
    const args = ['test-access', 'tested', '--config', configFor(EMULATOR_ACCOUNT), '--yes'];
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'altr-export.js'), ...args], {
      env: { ...emulator.env, AWS_ENDPOINT_URL: proxy.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    while (!proxy.seen.includes('s3:ListObjectsV2')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const code = await ended;
    await proxy.stop();
    const [, key = ''] = /may leave (\S+) in tested-logs\n$/.exec(stderr) ?? [];
    expect(stderr).toMatch(
      /^cancelled: the test ends after the call that is under way, and removes its probe;/,
    );
    expect({ code, left: await leftovers() }).toEqual({ code: 2, left: [] });
    expect(stdout).toContain('tested: the test was cancelled before it');
    expect(stdout).toContain(`The probe s3://tested-logs/${key} was removed again, with your own rights.`);
  }, 60_000);

  (HAS_SCRIPT ? test : test.skip)('on a terminal it asks, and takes no for an answer', async () => {
    const program = [process.execPath, join(ROOT, 'bin', 'altr-export.js'), 'test-access', 'tested'];
    const command = [...program, '--config', configFor(EMULATOR_ACCOUNT)];
    const question = /Put a probe object as ALTRPublishSIEMDataTested into tested-logs and[\s\S]*\(y\/N\)/;
    const no = await onTerminal(command, { cwd: folder, env: emulator.env }, [[question, 'n\r']]);
    expect(no).toContain('nothing was tested, and nothing was written');
    const yes = await onTerminal(command, { cwd: folder, env: emulator.env }, [[question, 'y\r']]);
    expect(yes).toContain('was removed again, with your own rights');
    expect(await leftovers()).toEqual([]);
  });

  describe('bad input, in one sentence and with nothing written', () => {
    test.each<[what: string, args: readonly string[], says: RegExp]>([
      [
        'nobody to ask, and no --yes',
        ['tested'],
        /^test-access writes a probe object into the bucket, and there is no terminal to ask on; confirm it with --yes\n$/,
      ],
      [
        'an export that is not there',
        ['testd', '--yes'],
        /^no export is named "testd"; did you mean tested\?\n$/,
      ],
      ['several exports', ['*', '--yes'], /^"\*" names several exports; test one at a time\n$/],
      [
        'the export’s own bucket as the other',
        ['tested', '--yes', '--other-bucket', 'tested-logs'],
        /^--other-bucket tested-logs is the export’s own/,
      ],
      [
        'an ARN that is none',
        ['tested', '--yes', '--assume-role-arn', 'auditor'],
        /^--assume-role-arn auditor is no ARN of a role/,
      ],
      [
        'an ExternalId for no role',
        ['tested', '--yes', '--assume-role-external-id', 'x'],
        /^--assume-role-external-id needs --assume-role-arn\n$/,
      ],
      [
        'a profile that is not there',
        ['tested', '--yes', '--profile', 'none'],
        /^AWS does not say who you are: no AWS credentials were found for the profile none .*; name credentials with --profile or .*\n$/,
      ],
    ])('%s', async (_what, args, says) => {
      const { code, stdout, stderr } = await run([...args, '--config', configFor(EMULATOR_ACCOUNT)]);
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    });

    test('a role that AWS does not let one assume', async () => {
      const first = `arn:aws:iam::${EMULATOR_ACCOUNT}:role/ALTRPublishSIEMDataForeign`;
      const args = ['tested', '--yes', '--assume-role-arn', first, '--config', configFor(EMULATOR_ACCOUNT)];
      const { code, stderr } = await enforced(() => run(args, as('admin')));
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^AWS does not say who you are: the role arn:.* could not be assumed: AWS denied sts:AssumeRole \(AccessDenied\), which says: [^;]*; its trust policy must let you in/,
      );
    });

    afterAll(async () => expect(await leftovers()).toEqual([]));
  });
});
