/** Findings of one cause share an id, and are shown as one block. */
import { unreadable } from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { blocksOf, waitingFor } from '../../../checks/report/order';
import type { Finding } from '../../../checks/verdict/finding';
import { judge } from '../../../checks/verdict/judge';
import { EXAMPLE, findingsOf } from '../rules/support';

const causesOf = (findings: readonly Finding[]) => [
  ...new Set(findings.filter(({ status }) => status !== 'pass').map(({ causeId }) => causeId)),
];

const denied = (api: string) =>
  unreadable({ message: `AWS denied ${api}`, api, code: 'AccessDenied', permission: api });

/** The findings if the role can't be read for a reason, and the bucket's policy for another. */
function unread(roleApi: string, policyApi: string): readonly Finding[] {
  const seen = observationOf({ bucket: { policy: denied(policyApi) } }, EXAMPLE);
  const exports = seen.exports.map((entry) => ({ ...entry, role: denied(roleApi) }));
  const [report] = judge({ ...seen, exports }, { contracts: [EXAMPLE], declaredRoles: [EXAMPLE] });
  return report?.findings ?? [];
}

test('what waits for one unreadable API has one cause, and another API another one', () => {
  const causes = causesOf(unread('iam:GetRole', 's3:GetBucketPolicy'));
  expect(causes).toEqual([
    expect.stringMatching(/^unreadable:iam:GetRole:AccessDenied:123456789012:[0-9a-f]{8}$/),
    expect.stringMatching(/^unreadable:s3:GetBucketPolicy:AccessDenied:123456789012:[0-9a-f]{8}$/),
  ]);
});

test('findings that stem from nothing in common have no cause', () => {
  expect(causesOf(findingsOf({ attachedPolicies: {} }))).toEqual([undefined]);
});

test('a missing role names the rules that wait for it', () => {
  const found = findingsOf({ roleExists: false }).filter(({ status }) => status === 'fail');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    rule: 'role-exists',
    causeId: `missing:role:123456789012:${EXAMPLE.roleName}`,
    waiting: expect.arrayContaining(['trust-principal', 'trust-external-id', 'permissions-put-object']),
  });
  expect(found[0]?.waiting).not.toContain('bucket-public-access');
});

test('a missing bucket names its own rules, and what is decided with it', () => {
  const [finding] = findingsOf({ bucketExists: false }).filter(({ status }) => status === 'fail');
  expect(finding?.waiting).toEqual(
    expect.arrayContaining(['bucket-public-access', 'permissions-put-object']),
  );
  expect(finding?.waiting).not.toContain('trust-principal');
});

test('one cause is one block at the place of the worst finding, with rules and exports that wait', () => {
  const entries = ['a', 'b'].map((name) => ({ name }));
  const findings = entries.flatMap((entry) =>
    unread('iam:GetRole', 's3:GetBucketPolicy')
      .filter(({ status }) => status !== 'pass')
      .map((finding) => ({ finding, entry })),
  );
  const blocks = blocksOf(findings);
  expect(blocks.map(({ finding }) => finding.causeId?.split(':')[2])).toEqual(['GetRole', 'GetBucketPolicy']);
  const [first] = blocks;
  if (!first) throw new Error('no block');
  expect(waitingFor(first)).toMatch(/trust-principal.*; in 2 exports: a, b$/);
  expect(waitingFor({ ...first, waiting: [] })).toBeUndefined();
});
