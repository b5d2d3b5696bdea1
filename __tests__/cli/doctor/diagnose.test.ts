/** `altr-export doctor`: whether a check would run, and what is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unreadableBecause } from '../../../checks/observe/live/aws-error';
import { unreadable } from '../../../checks/observe/observation';
import { problemsOf } from '../../../cli/doctor/diagnose';
import { runDoctor } from '../../../cli/doctor/run';
import { contractFor } from '../../../contract/contract';
import {
  ACCOUNT,
  type Answers,
  compliantAnswers,
  environmentOf,
  type FakeAws,
  kmsError,
  queryError,
  s3Error,
  startFakeAws,
} from '../../checks/observe/live/fake-aws';

const EXPORT = {
  name: 'acme',
  clientId: 'the-client',
  bucket: 'acme-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};
const COMPLIANT = compliantAnswers(contractFor({ ...EXPORT, altrAccountId: '111122223333' }));
const CALLER = `arn:aws:iam::${ACCOUNT}:user/me`;

jest.setTimeout(60_000);

describe('altr-export doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-doctor-'));
  const before = { ...process.env };
  let aws: FakeAws;
  let answers: Answers = COMPLIANT;
  let printed = '';

  beforeAll(async () => {
    aws = await startFakeAws(() => answers);
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    process.env = { ...before, ...environmentOf(aws) };
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text, ...more) => {
      printed += String(text);
      const done = more.find((entry) => typeof entry === 'function') as (() => void) | undefined;
      done?.();
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = before;
  });

  const doctor = async (
    changed: Answers = {},
    exports: readonly object[] = [EXPORT],
    { organization, format = 'json' }: { organization?: object; format?: 'json' | 'text' } = {},
  ) => {
    answers = { ...COMPLIANT, ...changed };
    const config = join(folder, 'altr-exports.json');
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports, organization }));
    const code = await runDoctor({ config, only: [], format });
    return {
      code,
      ...((format === 'json' ? JSON.parse(printed) : {}) as {
        ready: boolean;
        stages: object[];
        problems: object[];
        notes: object[];
      }),
    };
  };

  test('is ready if every call of a check is answered', async () => {
    expect(await doctor()).toMatchObject({
      code: 0,
      ready: true,
      stages: [
        { stage: 'config', ok: true },
        { stage: 'endpoints', ok: true },
        { stage: 'credentials', ok: true },
        { stage: 'accounts', ok: true, facts: ACCOUNT },
        { stage: 'permissions', ok: true },
      ],
      problems: [],
    });
  });

  test('is ready before the first deployment: what does not exist is no obstacle', async () => {
    const nothing = {
      'iam:GetRole': () => queryError(404, 'NoSuchEntity'),
      'iam:ListRolePolicies': () => queryError(404, 'NoSuchEntity'),
      'iam:ListAttachedRolePolicies': () => queryError(404, 'NoSuchEntity'),
      's3:HeadBucket': () => s3Error(404, 'NoSuchBucket'),
      's3:GetBucketPolicy': () => s3Error(404, 'NoSuchBucket'),
      's3:GetPublicAccessBlock': () => s3Error(404, 'NoSuchBucket'),
      's3:GetBucketAcl': () => s3Error(404, 'NoSuchBucket'),
      's3:GetBucketEncryption': () => s3Error(404, 'NoSuchBucket'),
    };
    expect(await doctor(nothing)).toMatchObject({ code: 0, ready: true });
  });

  test('names a missing permission with its fix', async () => {
    const said = `User: ${CALLER} is not authorized to perform: iam:ListRoles on resource: * because no identity-based policy allows the iam:ListRoles action`;
    expect(await doctor({ 'iam:ListRoles': () => queryError(403, 'AccessDenied', said) })).toMatchObject({
      code: 2,
      ready: false,
      problems: [
        {
          stage: 'permissions',
          message: `AWS denied iam:ListRoles (AccessDenied), which says: ${said}`,
          advice: `Allow iam:ListRoles to ${CALLER}. altr-export auditor-policy prints the whole policy that a check needs.`,
          exports: ['acme'],
        },
      ],
    });
  });

  test('is ready without an organization that can’t be read, with a note, unless the config demands it', async () => {
    const denied = { 'organizations:DescribeOrganization': () => kmsError(400, 'AccessDeniedException') };
    const entry = {
      stage: 'permissions',
      message: expect.stringContaining('organizations:DescribeOrganization'),
    };
    expect(await doctor(denied, [EXPORT], { organization: {} })).toMatchObject({
      code: 0,
      ready: true,
      problems: [],
      notes: [entry],
    });
    printed = '';
    expect(await doctor(denied, [EXPORT], { organization: { required: true } })).toMatchObject({
      code: 2,
      ready: false,
      problems: [entry],
      notes: [],
    });
    printed = '';
    await doctor(denied, [EXPORT], { organization: {}, format: 'text' });
    expect(printed).toMatch(
      /ok +permissions .*can’t do without.*\nnote {4}the organization’s policies can’t be judged\n {8}AWS denied organizations:DescribeOrganization .*\n[\s\S]*\nReady: /,
    );
  });

  test('stops at credentials that AWS refuses, and names them once', async () => {
    const refused = () => queryError(403, 'InvalidClientTokenId', 'The security token is invalid.');
    const { code, stages, problems } = await doctor({
      'sts:GetCallerIdentity': refused,
      'iam:GetRole': refused,
      'iam:ListRoles': refused,
      'iam:ListRolePolicies': refused,
      'iam:ListAttachedRolePolicies': refused,
    });
    expect(code).toBe(2);
    expect(stages).toMatchObject([
      { stage: 'config' },
      { stage: 'endpoints' },
      { stage: 'credentials', ok: false },
    ]);
    expect(problems).toMatchObject([{ stage: 'credentials' }]);
    expect(problems).toHaveLength(1);
  });

  test('names an account that is not the declared one', async () => {
    const { code, problems } = await doctor({}, [{ ...EXPORT, accountId: '999988887777' }]);
    expect(code).toBe(2);
    expect(problems).toMatchObject([
      { stage: 'accounts', message: expect.stringContaining('declares 999988887777'), exports: ['acme'] },
    ]);
  });

  test('looks at three exports of an account', async () => {
    const exports = [1, 2, 3, 4].map((n) => ({
      ...EXPORT,
      name: `acme-${n}`,
      bucket: `${EXPORT.bucket}-${n}`,
      roleName: `${EXPORT.roleName}${n}`,
    }));
    const { stages } = await doctor({}, exports);
    expect(stages.at(-1)).toMatchObject({ facts: expect.stringContaining('3 of 4') });
  });

  test('an endpoint that is no URL is a problem of endpoints', async () => {
    process.env.AWS_ENDPOINT_URL = 'nowhere';
    const { code, problems } = await doctor();
    expect(code).toBe(2);
    expect(problems).toMatchObject([{ stage: 'endpoints', message: expect.stringMatching(/is no URL/) }]);
  });

  test('a config that is missing is said as text, too', async () => {
    const code = await runDoctor({ config: join(folder, 'none.yaml'), only: [], format: 'text' });
    expect(code).toBe(2);
    expect(printed).toMatch(/^MISSING config\n {8}there is no config file .*none\.yaml;/);
    expect(printed).toMatch(/not reached: endpoints, credentials, accounts, permissions\n/);
    expect(printed).toMatch(/Not ready:/);
  });
});

test('an endpoint that can’t be reached is one problem, however many calls it stops', () => {
  const failed = (api: 'iam:GetRole' | 'sts:GetCallerIdentity') =>
    unreadable(
      unreadableBecause(api, Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), {
        region: 'us-east-1',
        endpoint: { url: 'http://127.0.0.1:9', setting: 'AWS_ENDPOINT_URL' },
      }),
    );
  const accountId = failed('sts:GetCallerIdentity');
  const exports = ['a', 'b'].map((name) => ({
    name,
    accountId,
    role: failed('iam:GetRole'),
    bucket: accountId,
  }));
  expect(problemsOf({ schemaVersion: 1, observedAt: '2026-01-01T00:00:00Z', exports, accounts: [] })).toEqual(
    [
      {
        stage: 'endpoints',
        message: expect.stringMatching(/could not be reached .*check AWS_ENDPOINT_URL/),
        exports: ['a', 'b'],
      },
    ],
  );
});
