/**
 * The organization as AWS answers: what is read, how often, and what each refusal becomes. The emulator enforces nothing and
 * answers a member account's calls as if it had no units, so delegated administrators and refusals are answered here as the AWS
 * Organizations API Reference documents them.
 */
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { delegationPolicy } from '../../../../checks/auditor-policy/organization';
import { unreadOf } from '../../../../checks/evidence/organization';
import { observeLive } from '../../../../checks/observe/live';
import { accountsOf, observeOrganization } from '../../../../checks/observe/live/organization';
import { sessionOf } from '../../../../checks/observe/live/session-of';
import type { Observed, OrganizationObservation, Unreadable } from '../../../../checks/observe/observation';
import { EXAMPLE } from '../../../../checks/pages/example';
import { observationOf } from '../../../../checks/pages/set-up';
import { contractFor } from '../../../../contract/contract';
import {
  ACCOUNT,
  type Answer,
  type Answers,
  compliantAnswers,
  fakeAwsForSuite,
  kms as json,
  kmsError as jsonError,
  type Request,
} from './fake-aws';

const KEY_ELSEWHERE = 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-3333-4444-555555555555';
const SCP = 'SERVICE_CONTROL_POLICY';
const RCP = 'RESOURCE_CONTROL_POLICY';
const MANAGEMENT = '999999999999';
const FULL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** An organization: what contains each child, and the policies of each target by type. */
interface Organization {
  readonly parents: Readonly<Record<string, string>>;
  readonly enabled?: readonly string[];
  readonly attached?: (target: string, type: string) => readonly string[];
  /** Items a page. */
  readonly page?: number;
}

/** What AWS answers to a caller that may read everything. */
function answersOf({ parents, enabled = [SCP, RCP], attached, page = 100 }: Organization): Answers {
  const asked = ({ body }: Request) => JSON.parse(body) as Readonly<Record<string, string>>;
  const paged = <T>(
    name: string,
    items: readonly T[],
    { NextToken = '0' }: Readonly<Record<string, string>>,
  ) => {
    const from = Number(NextToken);
    const next = from + page < items.length ? { NextToken: String(from + page) } : {};
    return json({ [name]: items.slice(from, from + page), ...next });
  };
  const policiesOf = attached ?? ((_, type) => [type === SCP ? 'p-FullAWSAccess' : 'p-RCPFullAWSAccess']);
  return {
    'organizations:DescribeOrganization': () =>
      json({ Organization: { Id: 'o-example', MasterAccountId: MANAGEMENT, FeatureSet: 'ALL' } }),
    'organizations:ListRoots': () =>
      json({
        Roots: [
          {
            Id: 'r-root',
            Name: 'Root',
            PolicyTypes: enabled.map((Type) => ({ Type, Status: 'ENABLED' })),
          },
        ],
      }),
    'organizations:ListParents': (request) => {
      const question = asked(request);
      const parent = parents[question.ChildId ?? ''];
      if (parent === undefined) return jsonError(400, 'ChildNotFoundException');
      const Type = parent.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
      return json({ Parents: [{ Id: parent, Type }] });
    },
    'organizations:ListPoliciesForTarget': (request) => {
      const question = asked(request);
      const { TargetId = '', Filter = '' } = question;
      const found = policiesOf(TargetId, Filter).map((Id) => ({ Id, Name: `name of ${Id}`, Type: Filter }));
      return paged('Policies', found, question);
    },
    'organizations:DescribePolicy': () => json({ Policy: { Content: FULL } }),
  };
}

const denied = (api: string): Answers => ({
  [api]: () => jsonError(400, 'AccessDeniedException'),
});

jest.setTimeout(60_000);

describe('an organization', () => {
  const aws = fakeAwsForSuite();
  const whoAmI = compliantAnswers(
    contractFor({
      name: 'x',
      altrAccountId: '111122223333',
      clientId: 'c',
      bucket: 'x-logs',
      region: 'us-east-1',
      roleName: 'ALTRPublishSIEMDataX',
    }),
  );

  const observe = async (
    accounts: readonly string[],
    given: Answers,
  ): Promise<Observed<OrganizationObservation>> => {
    aws.answer({ ...whoAmI, ...given });
    return observeOrganization(await sessionOf({ region: 'us-east-1' }), accounts);
  };
  const value = async (accounts: readonly string[], given: Answers): Promise<OrganizationObservation> => {
    const seen = await observe(accounts, given);
    if (seen.state !== 'value') throw new Error(JSON.stringify(seen));
    return seen.value;
  };
  const count = (api: string) => aws.seen.filter((request) => request.api === `organizations:${api}`).length;

  const TREE = { 'ou-1': 'r-root', 'ou-2': 'ou-1', [ACCOUNT]: 'ou-2' };

  test('is read from the root down to the account, with the policies of each level', async () => {
    const deny = `p-deny`;
    const seen = await value(
      [ACCOUNT],
      answersOf({
        parents: TREE,
        attached: (target, type) => (type === SCP && target === 'ou-1' ? [deny] : [`p-full-${type}`]),
      }),
    );
    expect(seen).toMatchObject({ id: 'o-example', managementAccountId: MANAGEMENT });
    expect(seen.accounts).toEqual([
      { accountId: ACCOUNT, path: { state: 'value', value: ['r-root', 'ou-1', 'ou-2', ACCOUNT] } },
    ]);
    expect(
      seen.targets.map(({ id, type, serviceControlPolicies }) => [id, type, serviceControlPolicies]),
    ).toEqual([
      ['r-root', 'ROOT', { state: 'value', value: [`p-full-${SCP}`] }],
      ['ou-1', 'ORGANIZATIONAL_UNIT', { state: 'value', value: [deny] }],
      ['ou-2', 'ORGANIZATIONAL_UNIT', { state: 'value', value: [`p-full-${SCP}`] }],
      [ACCOUNT, 'ACCOUNT', { state: 'value', value: [`p-full-${SCP}`] }],
    ]);
    expect(seen.policies).toEqual(
      [deny, `p-full-${RCP}`, `p-full-${SCP}`].map((id) => ({
        id,
        name: `name of ${id}`,
        type: id === `p-full-${RCP}` ? RCP : SCP,
        document: {
          state: 'value',
          value: { source: `organization policy name of ${id} (${id})`, text: FULL },
        },
      })),
    );
  });

  test('lists no policies of a type that it has not enabled', async () => {
    const seen = await value([ACCOUNT], answersOf({ parents: TREE, enabled: [SCP] }));
    expect(seen.targets.map(({ resourceControlPolicies }) => resourceControlPolicies.state)).toEqual(
      Array.from({ length: 4 }, () => 'absent'),
    );
    expect(count('ListPoliciesForTarget')).toBe(4);
  });

  test('is read to the last page', async () => {
    const all = ['p-a', 'p-b', 'p-c', 'p-d', 'p-e'];
    const seen = await value(
      [ACCOUNT],
      answersOf({ parents: TREE, enabled: [SCP], attached: () => all, page: 2 }),
    );
    expect(seen.policies.map(({ id }) => id)).toEqual(all);
    expect(count('ListPoliciesForTarget')).toBe(4 * 3);
    expect(count('DescribePolicy')).toBe(5);
  });

  test('is asked by units and accounts, not by exports', async () => {
    const units = Array.from({ length: 20 }, (_, index) => `ou-${index}`);
    const accounts = Array.from({ length: 200 }, (_, index) => String(100_000_000_000 + index));
    const parents = Object.fromEntries([
      ...units.map((unit) => [unit, 'r-root']),
      ...accounts.map((account, index) => [account, `ou-${index % 20}`]),
    ]);
    const exportAccounts = Array.from({ length: 1_000 }, (_, index) => accounts[index % 200] ?? '');
    const seen = await value(exportAccounts, answersOf({ parents }));
    expect(seen.accounts).toHaveLength(200);
    expect({
      described: count('DescribeOrganization'),
      roots: count('ListRoots'),
      parents: count('ListParents'),
      attached: count('ListPoliciesForTarget'),
      documents: count('DescribePolicy'),
      all: aws.seen.length,
    }).toEqual({
      described: 1,
      roots: 1,
      parents: 200 + 20,
      attached: 2 * (1 + 20 + 200),
      documents: 2,
      all: 1 + 1 + (200 + 20) + 2 * (1 + 20 + 200) + 2,
    });
  });

  test('is read for the accounts of the exports and of their keys', () => {
    const [entry] = observationOf({ kmsKey: { arn: KEY_ELSEWHERE } }, EXAMPLE).exports;
    const unknown = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;
    if (!entry) throw new Error('no export');
    expect(accountsOf([entry])).toEqual(['123456789012', '222222222222']);
    expect(accountsOf([{ ...entry, accountId: unknown, bucket: unknown }])).toEqual([]);
  });

  test('may have 10,000 policies', async () => {
    const Policies = Array.from({ length: 10_000 }, (_, index) => ({ Id: `p-${10_000 + index}`, Name: 'n' }));
    const stub: Readonly<Record<string, (input: Readonly<Record<string, string>>) => object>> = {
      DescribeOrganizationCommand: () => ({ Organization: { Id: 'o-example', MasterAccountId: MANAGEMENT } }),
      ListRootsCommand: () => ({
        Roots: [{ Id: 'r-root', PolicyTypes: [{ Type: SCP, Status: 'ENABLED' }] }],
      }),
      ListParentsCommand: () => ({ Parents: [{ Id: 'r-root', Type: 'ROOT' }] }),
      ListPoliciesForTargetCommand: ({ TargetId }) => ({ Policies: TargetId === 'r-root' ? Policies : [] }),
      DescribePolicyCommand: () => ({ Policy: { Content: FULL } }),
    };
    // So many requests over the network would take a minute.
    const send = jest
      .spyOn(OrganizationsClient.prototype, 'send')
      .mockImplementation(((command: {
        readonly constructor: { readonly name: string };
        readonly input: Readonly<Record<string, string>>;
      }) => Promise.resolve(stub[command.constructor.name]?.(command.input))) as never);
    try {
      const seen = await value([ACCOUNT], {});
      expect(seen.policies.map(({ id }) => id)).toEqual(Policies.map(({ Id }) => Id));
    } finally {
      send.mockRestore();
    }
  });

  // AWS Organizations User Guide, "Delegated administrator for AWS Organizations": a member account makes the calls that the
  // organization's delegation policy allows it; DescribeOrganization every member makes.
  describe('of a delegated administrator', () => {
    /** Answers the calls that a delegation policy allows, and refuses all others as AWS does. */
    const delegated = (allowed: readonly string[]): Answers =>
      Object.fromEntries(
        Object.entries(answersOf({ parents: TREE })).map(([api, answer]) => [
          api,
          api === 'organizations:DescribeOrganization' || allowed.includes(api)
            ? answer
            : () => jsonError(400, 'AccessDeniedException'),
        ]),
      );
    const Action = delegationPolicy('aws', '222222222222').Statement.flatMap(
      (statement) => statement.Action ?? [],
    );

    test('is read whole with the delegation policy that auditor-policy prints', async () => {
      expect(await value([ACCOUNT], delegated(Action))).toEqual(
        await value([ACCOUNT], answersOf({ parents: TREE })),
      );
    });

    test('can’t be read without one', async () => {
      expect(reasonOf(await observe([ACCOUNT], delegated([]))).message).toBe(
        'AWS denied organizations:ListRoots (AccessDeniedException)',
      );
    });

    test.each(['ListParents', 'ListPoliciesForTarget', 'DescribePolicy'])(
      'is partly read if the policy lacks %s, and the part says so',
      async (call) => {
        const api = `organizations:${call}`;
        expect(Action).toContain(api);
        const seen = await value([ACCOUNT], delegated(Action.filter((allowed) => allowed !== api)));
        const message = `AWS denied ${api} (AccessDeniedException)`;
        expect([...new Set(unreadOf(seen).map((reason) => reason.message))]).toEqual([message]);
      },
    );
  });

  test('is absent if the only account belongs to none', async () => {
    const none = {
      'organizations:DescribeOrganization': () => jsonError(400, 'AWSOrganizationsNotInUseException'),
    };
    expect(await observe([ACCOUNT], none)).toEqual({ state: 'absent' });
  });

  test('is unknown for another account than that of the credentials, which belongs to none', async () => {
    const none = {
      'organizations:DescribeOrganization': () => jsonError(400, 'AWSOrganizationsNotInUseException'),
    };
    expect(reasonOf(await observe([ACCOUNT, '222222222222'], none)).message).toBe(
      `the account ${ACCOUNT} belongs to no organization, and that of the account 222222222222 was not looked for; name credentials of its management account under organization in the config`,
    );
  });

  test('does not hold an account that left it', async () => {
    const seen = await value(['222222222222', ACCOUNT], answersOf({ parents: TREE }));
    expect(seen.accounts.map(({ accountId, path }) => [accountId, path.state])).toEqual([
      [ACCOUNT, 'value'],
      ['222222222222', 'absent'],
    ]);
    expect(seen.targets.map(({ id }) => id)).not.toContain('222222222222');
  });

  test.each<[string, string, Answers]>([
    [
      'the caller may only describe it, as every member account may',
      'AWS denied organizations:ListRoots (AccessDeniedException)',
      denied('organizations:ListRoots'),
    ],
    [
      'the caller has no rights',
      'AWS denied organizations:DescribeOrganization (AccessDeniedException)',
      denied('organizations:DescribeOrganization'),
    ],
    [
      'AWS throttles for too long',
      'AWS throttled organizations:ListRoots (TooManyRequestsException) more often than we retry; run it again later',
      { 'organizations:ListRoots': () => jsonError(429, 'TooManyRequestsException') },
    ],
    [
      'an answer lacks its management account',
      expect.stringMatching(
        /^organizations:DescribeOrganization answered without what was asked for/,
      ) as never,
      { 'organizations:DescribeOrganization': () => json({ Organization: { Id: 'o-example' } }) },
    ],
    [
      'AWS fails',
      'organizations:ListRoots failed on AWS’s side (InternalError); run it again later',
      { 'organizations:ListRoots': () => jsonError(500, 'InternalError') },
    ],
    [
      'the answer is no JSON',
      expect.stringMatching(/^organizations:ListRoots failed \(SyntaxError\), which says: /) as never,
      { 'organizations:ListRoots': () => ({ body: 'nothing that anybody asked for' }) },
    ],
    [
      'a listing never ends',
      'organizations:ListRoots names a page as its next one that it gave before',
      { 'organizations:ListRoots': () => json({ Roots: [], NextToken: 'again' }) },
    ],
  ])('can’t be read if %s', async (_, message, changed) => {
    const reason = reasonOf(await observe([ACCOUNT], { ...answersOf({ parents: TREE }), ...changed }));
    expect(reason.message).toEqual(message);
  });

  test.each<[string, string, Answers]>([
    [
      'may not be asked for',
      'AWS denied organizations:ListParents (AccessDeniedException)',
      denied('organizations:ListParents'),
    ],
    [
      'has a cycle',
      `organizations:ListParents names ou-2 as a parent of itself, so no root was found for the account ${ACCOUNT}`,
      answersOf({ parents: { [ACCOUNT]: 'ou-2', 'ou-2': 'ou-1', 'ou-1': 'ou-2' } }),
    ],
    [
      'has a unit that is gone',
      'what organizations:ListParents asked for was changed during the audit; run it again',
      answersOf({ parents: { [ACCOUNT]: 'ou-2' } }),
    ],
    [
      'leads to no root, because none is named',
      `organizations:ListRoots does not name the root r-root of the account ${ACCOUNT}`,
      { 'organizations:ListRoots': () => json({ Roots: [] }) },
    ],
    [
      'leads to another root than the named one',
      `organizations:ListRoots does not name the root r-root of the account ${ACCOUNT}`,
      { 'organizations:ListRoots': () => json({ Roots: [{ Id: 'r-two', Name: 'Root', PolicyTypes: [] }] }) },
    ],
    [
      'does not begin',
      `organizations:ListParents gives no parent of ${ACCOUNT}`,
      { 'organizations:ListParents': () => json({ Parents: [] }) },
    ],
    [
      'forks',
      `organizations:ListParents gives several parents of ${ACCOUNT}`,
      {
        'organizations:ListParents': () =>
          json({ Parents: ['ou-1', 'ou-2'].map((Id) => ({ Id, Type: 'ORGANIZATIONAL_UNIT' })) }),
      },
    ],
  ])('is known though the path to an account %s', async (_, message, changed) => {
    const seen = await value([ACCOUNT], { ...answersOf({ parents: TREE }), ...changed });
    expect(seen.accounts.map(({ path }) => reasonOf(path).message)).toEqual([message]);
    expect(seen.targets).toEqual([]);
  });

  test('is known though a unit is gone when its policies are listed', async () => {
    const whole = answersOf({ parents: TREE });
    const seen = await value([ACCOUNT], {
      ...whole,
      'organizations:ListPoliciesForTarget': (request) =>
        request.body.includes('"ou-1"')
          ? jsonError(400, 'TargetNotFoundException')
          : (whole['organizations:ListPoliciesForTarget'] as (request: Request) => Answer)(request),
    });
    const gone = seen.targets.find(({ id }) => id === 'ou-1');
    expect(gone && reasonOf(gone.serviceControlPolicies).message).toBe(
      'what organizations:ListPoliciesForTarget asked for was changed during the audit; run it again',
    );
    expect(
      seen.targets.filter(({ serviceControlPolicies }) => serviceControlPolicies.state === 'value'),
    ).toHaveLength(3);
  });

  test('is known though a policy was deleted after it was listed', async () => {
    const seen = await value([ACCOUNT], {
      ...answersOf({ parents: TREE, enabled: [RCP] }),
      'organizations:DescribePolicy': () => jsonError(400, 'PolicyNotFoundException'),
    });
    expect(seen.policies.map(({ document }) => reasonOf(document).message)).toEqual([
      'what organizations:DescribePolicy asked for was changed during the audit; run it again',
    ]);
  });

  describe('in a run', () => {
    const contract = contractFor({
      name: 'x',
      altrAccountId: '111122223333',
      clientId: 'c',
      bucket: 'x-logs',
      region: 'us-east-1',
      roleName: 'ALTRPublishSIEMDataX',
    });

    test('is not read unless asked for', async () => {
      aws.answer({ ...whoAmI, ...answersOf({ parents: TREE }) });
      const seen = await observeLive([contract], { altrAccountId: contract.altrAccountId });
      expect(seen.organization).toBeUndefined();
      expect(aws.seen.filter(({ api }) => api.startsWith('organizations:'))).toEqual([]);
    });

    test('is that of the accounts that were seen, whoever reads it', async () => {
      aws.answer({ ...whoAmI, ...answersOf({ parents: TREE }) });
      const { organization } = await observeLive([contract], {
        altrAccountId: contract.altrAccountId,
        organization: {},
      });
      expect(organization).toMatchObject({
        state: 'value',
        value: { accounts: [{ accountId: ACCOUNT, path: { state: 'value' } }] },
      });
    });

    test('is read by the role that the config names for it', async () => {
      const role = `arn:aws:iam::${MANAGEMENT}:role/reader`;
      aws.answer({ ...whoAmI, ...answersOf({ parents: TREE }) });
      const { organization } = await observeLive([contract], {
        altrAccountId: contract.altrAccountId,
        organization: { assumeRoleArn: role, externalId: 'of-the-reader' },
      });
      const [assumed] = aws.seen.filter(({ api }) => api === 'sts:AssumeRole');
      expect(new URLSearchParams(assumed?.body).get('RoleArn')).toBe(role);
      expect(new URLSearchParams(assumed?.body).get('ExternalId')).toBe('of-the-reader');
      // The stub answers no AssumeRole, so nothing of the organization is read.
      expect(organization && reasonOf(organization).message).toMatch(
        new RegExp(`^the role ${role} could not be assumed`),
      );
    });
  });
});

function reasonOf(seen: Observed<unknown>): Unreadable {
  if (seen.state !== 'unreadable') throw new Error(JSON.stringify(seen));
  return seen.reason as Unreadable;
}
