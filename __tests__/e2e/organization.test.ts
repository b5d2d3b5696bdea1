/**
 * The organization on the emulator: a member that is entered by a role, policies at root, unit and account; its management
 * account; no rights; none at all. The emulator enforces no policy, and it answers a member's calls as if the organization had no
 * accounts, so delegated administrators are in `__tests__/checks/observe/live/organization.test.ts`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import type { Observation, OrganizationObservation } from '../../checks/observe/observation';
import { loadObservation, loadOrganization } from '../../checks/observe/saved';
import type { Report } from '../../checks/verdict/finding';
import { contractFor } from '../../contract/contract';
import { planOf } from '../checks/observe/terraform/support';
import { altrExport } from './support/command';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { type FaultProxy, startProxy } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';
import { clientsFor, setUpExport, TESTING } from './support/set-up';

const ALTR = '111122223333';
/** Every report says it. */
const ACCESS_GRANTS =
  'S3 Access Grants were not looked at: a grant may let others read logs; audit the account with accessGrants: true in each export.';
const DENY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'ec2:*', Resource: '*' }],
});
const RCP = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
});

/** Denies the role to everybody outside the organization, as AWS's Landing Zone does. */
const outsiders = (id: string, exempt: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': id, ...exempt },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
  ],
});
const ELSEWHERE = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    },
  ],
};

const entry = (name: string, access: object = {}) => ({
  name,
  clientId: 'the-client',
  bucket: `${name}-altr-logs`,
  region: 'us-east-1',
  roleName: `ALTRPublishSIEMData-${name}`,
  ...access,
});

describeOnRealParts('the organization', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-organization-'));
  const config = join(folder, 'altr-exports.yaml');
  let emulator: Emulator;
  let proxy: FaultProxy;
  let made: Awaited<ReturnType<typeof makeOrganization>>;
  let member: ReturnType<typeof entry>;
  const home = entry('home');

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    made = await makeOrganization(emulator.url);
    member = entry('member', { assumeRoleArn: `arn:aws:iam::${made.member}:role/auditor` });
    await setUpExport(
      await clientsFor(emulator.url, made.member),
      contractFor({ ...member, altrAccountId: ALTR }),
    );
    await setUpExport(await clientsFor(emulator.url), contractFor({ ...home, altrAccountId: ALTR }));
  }, 60_000);

  afterAll(async () => {
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (organization: object | undefined, ...args: readonly string[]) =>
    runDenied(organization, undefined, args);
  const runDenied = (
    organization: object | undefined,
    denied: RegExp | undefined,
    args: readonly string[],
  ) => {
    writeFileSync(
      config,
      JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [member, home], organization }),
    );
    proxy.clear();
    if (denied) proxy.deny(denied);
    return altrExport(args, { env: { ...emulator.env, AWS_ENDPOINT_URL: proxy.url }, cwd: folder });
  };
  const check = async (organization: object | undefined, ...args: readonly string[]) => {
    const file = join(folder, 'seen.json');
    const result = await run(organization, 'check', '-q', '--save-observation', file, ...args);
    return { ...result, seen: loadObservation(readFileSync(file, 'utf8'), file) };
  };
  const judged = async (
    organization: object | undefined,
    { args = [], denied }: { readonly args?: readonly string[]; readonly denied?: RegExp } = {},
  ) => {
    const file = join(folder, 'report.json');
    const result = await runDenied(organization, denied, [
      'check',
      '-q',
      '--format',
      'json',
      '--output',
      file,
      ...args,
    ]);
    return { ...result, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
  };
  const attachedWhile = async (
    Type: PolicyType,
    document: object,
    TargetId: string,
    then: () => Promise<void>,
  ) => {
    const client = new OrganizationsClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: TESTING,
    });
    const PolicyId = await attach(client, {
      Name: 'Perimeter',
      Type,
      Content: JSON.stringify(document),
      TargetId,
    });
    try {
      await then();
    } finally {
      await client.send(new DetachPolicyCommand({ PolicyId, TargetId }));
      await client.send(new DeletePolicyCommand({ PolicyId }));
    }
  };
  const asked = () => proxy.seen.filter((api) => api.startsWith('organizations:'));

  test('is not read unless the config asks for it', async () => {
    const { code, seen, stderr } = await check(undefined);
    expect({ code, stderr, organization: seen.organization }).toEqual({
      code: 0,
      stderr: '',
      organization: undefined,
    });
    expect(asked()).toEqual([]);
  });

  test('is read from the root down to a member and to the management account, each level once', async () => {
    const { seen, stderr } = await check({});
    expect(stderr).toBe('');
    expect(seen.organization).toEqual({ state: 'value', value: expectedOrganization() });
    const count = (api: string) => asked().filter((name) => name === `organizations:${api}`).length;
    expect(
      ['DescribeOrganization', 'ListRoots', 'ListParents', 'ListPoliciesForTarget', 'DescribePolicy'].map(
        count,
      ),
    ).toEqual([1, 1, 4, 2 * 5, 5]);
  });

  test('is saved, and judged with instead of asking', async () => {
    const saved = join(folder, 'organization.json');
    const save = await run({}, 'organization', 'save', '--output', saved);
    expect(save).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(loadOrganization(readFileSync(saved, 'utf8'), saved).organization).toEqual(expectedOrganization());
    const { seen } = await check({}, '--organization', saved);
    expect(seen.organization).toEqual({ state: 'value', value: expectedOrganization() });
    expect(asked()).toEqual([]);
  });

  test('is saved without the key in the config, with the usual credentials', async () => {
    const { code, stdout } = await run(undefined, 'organization', 'save');
    expect(code).toBe(0);
    expect(loadOrganization(stdout, 'stdout').organization).toEqual(expectedOrganization());
  });

  test('takes the place of what a saved observation holds', async () => {
    const saved = join(folder, 'organization.json');
    await run({}, 'organization', 'save', '--output', saved);
    await check(undefined);
    const old = join(folder, 'old.json');
    writeFileSync(old, readFileSync(join(folder, 'seen.json')));
    const { seen } = await check(undefined, '--observation', old, '--organization', saved);
    expect(seen.organization).toEqual({ state: 'value', value: expectedOrganization() });
  });

  test('can’t be read without rights, and the report is made all the same', async () => {
    const file = join(folder, 'seen.json');
    writeFileSync(
      config,
      JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [member, home], organization: {} }),
    );
    proxy.clear();
    proxy.deny(/^organizations:ListRoots/);
    const env = { ...emulator.env, AWS_ENDPOINT_URL: proxy.url };
    const { code, stdout } = await altrExport(['check', '-q', '--save-observation', file], {
      env,
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Organization policies were not looked at: AWS denied organizations:ListRoots',
    );
    const seen: Observation = loadObservation(readFileSync(file, 'utf8'), file);
    expect(seen.organization).toMatchObject({
      state: 'unreadable',
      reason: {
        message: 'AWS denied organizations:ListRoots (AccessDenied), which says: User is not authorized',
        permission: 'organizations:ListRoots',
      },
    });
    expect(seen.exports.map(({ bucket }) => bucket.state)).toEqual(['value', 'value']);
    const save = await altrExport(['organization', 'save'], { env, cwd: folder });
    expect(save).toMatchObject({ code: 2, stdout: '' });
    expect(save.stderr).toMatch(
      /^the organization could not be read: AWS denied organizations:ListRoots .*altr-export auditor-policy --organization prints the whole policy/,
    );
    expect(save.stderr.trim().split('\n')).toHaveLength(1);
    const doctor = await altrExport(['doctor'], { env, cwd: folder });
    // Nobody demands it.
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/^note .*\n +AWS denied organizations:ListRoots/m);
  });

  test('that is required and can’t be read makes the exports unknown', async () => {
    const { report, code } = await judged({ required: true }, { denied: /^organizations:ListRoots/ });
    expect(code).toBe(2);
    expect(report.notLookedAt).toEqual([ACCESS_GRANTS]);
    for (const name of ['member', 'home'])
      expect(rulesOf(report, name, 'unknown')).toEqual([
        'organization-allows-assume',
        'organization-allows-delivery',
      ]);
  });

  test('that is required is unknown where the source does not hold it', async () => {
    await check(undefined);
    const old = join(folder, 'old.json');
    writeFileSync(old, readFileSync(join(folder, 'seen.json')));
    const { seen, code } = await check({ required: true }, '--observation', old);
    expect(code).toBe(2);
    // What is saved is what was seen.
    expect(seen.organization).toBeUndefined();
  });

  test('is not read for rules that do not look at it', async () => {
    const { report, code } = await judged({}, { args: ['--rule', 'role-exists'] });
    expect({ code, notLookedAt: report.notLookedAt, asked: asked() }).toEqual({
      code: 0,
      notLookedAt: [ACCESS_GRANTS],
      asked: [],
    });
  });

  describe('stops ALTR', () => {
    const ASSUME = 'organization-allows-assume';
    const DELIVERY = 'organization-allows-delivery';

    test.each(['root', 'outer', 'member'] as const)(
      'by a resource control policy at the %s, and not in the management account',
      async (level) => {
        await attachedWhile('RESOURCE_CONTROL_POLICY', outsiders(made.id), made[level], async () => {
          const { report, code } = await judged({});
          expect(code).toBe(1);
          expect(rulesOf(report, 'member', 'fail')).toEqual([ASSUME]);
          expect(rulesOf(report, 'home', 'fail')).toEqual([]);
          expect(findingOf(report, 'home', ASSUME)?.message).toBe(
            'No policy of the organization binds its management account.',
          );
        });
      },
    );

    test('by a service control policy at its unit', async () => {
      await attachedWhile('SERVICE_CONTROL_POLICY', ELSEWHERE, made.inner, async () => {
        const { report, code } = await judged({});
        expect(code).toBe(1);
        expect(rulesOf(report, 'member', 'fail')).toEqual([DELIVERY]);
        expect(rulesOf(report, 'home', 'fail')).toEqual([]);
      });
    });

    test('by none that exempts its account', async () => {
      const exempting = outsiders(made.id, { 'aws:PrincipalAccount': ALTR });
      await attachedWhile('RESOURCE_CONTROL_POLICY', exempting, made.root, async () => {
        const { report, code } = await judged({ required: true });
        expect(code).toBe(0);
        for (const rule of [ASSUME, DELIVERY]) expect(findingOf(report, 'member', rule)?.status).toBe('pass');
      });
    });

    test('from a saved observation and a saved copy as from AWS', async () => {
      const observation = join(folder, 'stopped.json');
      const copy = join(folder, 'stopped-organization.json');
      const save = ['organization', 'save', '--output', copy];
      await attachedWhile('RESOURCE_CONTROL_POLICY', outsiders(made.id), made.root, async () => {
        await judged({}, { args: ['--save-observation', observation] });
        expect((await run({}, ...save)).code).toBe(0);
      });
      const offline = await judged(undefined, { args: ['--observation', observation] });
      expect({ code: offline.code, asked: proxy.seen }).toEqual({ code: 1, asked: [] });
      expect(rulesOf(offline.report, 'member', 'fail')).toEqual([ASSUME]);
      const withCopy = await judged(undefined, { args: ['--organization', copy] });
      expect({ code: withCopy.code, asked: asked() }).toEqual({ code: 1, asked: [] });
      expect(rulesOf(withCopy.report, 'member', 'fail')).toEqual([ASSUME]);
      expect(withCopy.report.organizationObservedAt).toMatch(/^20/);

      const plan = join(folder, 'plan.json');
      writeFileSync(plan, JSON.stringify(plannedMember()));
      const planned = await judged(undefined, {
        args: ['--plan', plan, '--organization', copy, '--only', 'member'],
      });
      expect(proxy.seen).toEqual([]);
      expect(rulesOf(planned.report, 'member', 'fail')).toContain(ASSUME);
      expect(findingOf(planned.report, 'member', DELIVERY)?.status).toBe('pass');
      const without = await judged({ required: true }, { args: ['--plan', plan, '--only', 'member'] });
      expect(without.code).toBe(2);
      expect(rulesOf(without.report, 'member', 'unknown')).toEqual(
        expect.arrayContaining([ASSUME, DELIVERY]),
      );
    });

    /** The member's role and bucket, as a plan has them. */
    function plannedMember() {
      const role = {
        name: member.roleName,
        path: '/',
        assume_role_policy: JSON.stringify(contract().trust),
      };
      const policy = {
        name: 'put',
        role: member.roleName,
        policy: JSON.stringify(contract().permissions),
      };
      return planOf([
        { type: 'aws_s3_bucket', values: { bucket: member.bucket } },
        { type: 'aws_iam_role', values: role },
        { type: 'aws_iam_role_policy', values: policy },
      ]);
    }

    function contract() {
      return contractFor({ ...member, altrAccountId: ALTR });
    }
  });

  test('a copy that is none is refused in one sentence, before AWS is asked', async () => {
    const result = await run({}, 'check', '--organization', config);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /is no saved organization .* altr-export organization save --output FILE\n$/,
    );
    expect(proxy.seen).toEqual([]);
  });

  // The last one: it forgets everything.
  test('is absent for an account that belongs to none', async () => {
    await emulator.reset();
    await setUpExport(await clientsFor(emulator.url), contractFor({ ...home, altrAccountId: ALTR }));
    const { code, seen } = await check({}, '--only', 'home');
    expect({ code, organization: seen.organization }).toEqual({
      code: 0,
      organization: { state: 'absent' },
    });
    member = home;
    const save = await run({}, 'organization', 'save');
    expect(save).toMatchObject({ code: 2, stdout: '' });
  });

  function expectedOrganization(): OrganizationObservation {
    const known = <T>(value: T) => ({ state: 'value' as const, value });
    const level = (
      id: string,
      type: 'ROOT' | 'ORGANIZATIONAL_UNIT' | 'ACCOUNT',
      scps: string[],
      rcps: string[],
    ) => ({
      id,
      type,
      ...(type === 'ROOT' ? { name: 'Root' } : {}),
      serviceControlPolicies: known([...scps, 'p-FullAWSAccess'].sort()),
      resourceControlPolicies: known([...rcps, 'p-RCPFullAWSAccess'].sort()),
    });
    const order = [EMULATOR_ACCOUNT, made.member].sort();
    const paths = {
      [EMULATOR_ACCOUNT]: [made.root, EMULATOR_ACCOUNT],
      [made.member]: [made.root, made.outer, made.inner, made.member],
    };
    const levels = {
      [made.root]: level(made.root, 'ROOT', [made.scpOfRoot], []),
      [made.outer]: level(made.outer, 'ORGANIZATIONAL_UNIT', [], []),
      [made.inner]: level(made.inner, 'ORGANIZATIONAL_UNIT', [], [made.rcpOfUnit]),
      [made.member]: level(made.member, 'ACCOUNT', [made.scpOfAccount], []),
      [EMULATOR_ACCOUNT]: level(EMULATOR_ACCOUNT, 'ACCOUNT', [], []),
    };
    const ids = [...new Set(order.flatMap((account) => paths[account] ?? []))];
    return {
      id: made.id,
      managementAccountId: EMULATOR_ACCOUNT,
      accounts: order.map((accountId) => ({ accountId, path: known(paths[accountId] ?? []) })),
      targets: ids.map((id) => levels[id] as OrganizationObservation['targets'][number]),
      policies: expect.arrayContaining(
        [
          ['p-FullAWSAccess', 'SERVICE_CONTROL_POLICY'],
          ['p-RCPFullAWSAccess', 'RESOURCE_CONTROL_POLICY'],
          [made.scpOfRoot, 'SERVICE_CONTROL_POLICY', DENY],
          [made.scpOfAccount, 'SERVICE_CONTROL_POLICY', DENY],
          [made.rcpOfUnit, 'RESOURCE_CONTROL_POLICY', RCP],
        ].map(([id, type, text]) =>
          expect.objectContaining({
            id,
            type,
            document: {
              state: 'value',
              value: { source: expect.stringContaining(`(${id})`), text: text ?? expect.any(String) },
            },
          }),
        ),
      ),
    };
  }
});

/** An organization with a member two units below the root, an SCP at the root and at the member, an RCP at the inner unit. */
async function makeOrganization(endpoint: string) {
  const client = new OrganizationsClient({ endpoint, region: 'us-east-1', credentials: TESTING });
  const { Organization } = await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  const root = Roots?.[0]?.Id ?? '';
  for (const type of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const)
    await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: type }));
  const unit = async (ParentId: string, Name: string) => {
    const answer = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
    return answer.OrganizationalUnit?.Id ?? '';
  };
  const outer = await unit(root, 'outer');
  const inner = await unit(outer, 'inner');
  const { CreateAccountStatus } = await client.send(
    new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }),
  );
  const member = CreateAccountStatus?.AccountId ?? '';
  await client.send(
    new MoveAccountCommand({ AccountId: member, SourceParentId: root, DestinationParentId: inner }),
  );
  const policy = (Name: string, Type: PolicyType, Content: string, TargetId: string) =>
    attach(client, { Name, Type, Content, TargetId });
  return {
    id: Organization?.Id ?? '',
    root,
    outer,
    inner,
    member,
    scpOfRoot: await policy('scp-root', 'SERVICE_CONTROL_POLICY', DENY, root),
    scpOfAccount: await policy('scp-account', 'SERVICE_CONTROL_POLICY', DENY, member),
    rcpOfUnit: await policy('rcp-unit', 'RESOURCE_CONTROL_POLICY', RCP, inner),
  };
}

async function attach(
  client: OrganizationsClient,
  { TargetId, ...policy }: Record<'Name' | 'Content' | 'TargetId', string> & { readonly Type: PolicyType },
): Promise<string> {
  const { Policy } = await client.send(new CreatePolicyCommand({ ...policy, Description: policy.Name }));
  const PolicyId = Policy?.PolicySummary?.Id ?? '';
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId }));
  return PolicyId;
}

function rulesOf({ exports }: Report, name: string, status: string): string[] {
  const findings = exports.find((entry) => entry.name === name)?.findings ?? [];
  return [...new Set(findings.filter((finding) => finding.status === status).map(({ rule }) => rule))].sort();
}

function findingOf({ exports }: Report, name: string, rule: string) {
  return exports.find((entry) => entry.name === name)?.findings.find((finding) => finding.rule === rule);
}
