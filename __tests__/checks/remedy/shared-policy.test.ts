/** Two exports of a run share a policy: the fix of one leaves the other able to write. */
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import type { Finding } from '../../../checks/verdict/finding';
import { judge } from '../../../checks/verdict/judge';
import { contractFor } from '../../../contract/contract';
import { boundary, policy, put } from '../rules/builders';
import { EXAMPLE } from '../rules/support';
import { afterFixes } from './support';

const A = contractFor({ ...EXAMPLE, name: 'a', bucket: 'acme-a', roleName: 'ALTRPublishSIEMDataA' });
const B = contractFor({ ...EXAMPLE, name: 'b', bucket: 'acme-b', roleName: 'ALTRPublishSIEMDataB' });

const DENY = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' };

function judged(ofA: SetUp, ofB: SetUp): [readonly Finding[], readonly Finding[]] {
  const observation = observationOf(ofA, A);
  const exports = [...observation.exports, ...observationOf(ofB, B).exports];
  const [a, b] = judge({ ...observation, exports }, { contracts: [A, B], declaredRoles: [A, B] });
  const wrong = (findings: readonly Finding[] = []) => findings.filter(({ status }) => status === 'fail');
  return [wrong(a?.findings), wrong(b?.findings)];
}

test('an attached policy: each role gets its own policy and loses the shared one', () => {
  const shared = policy(put({ Resource: 'arn:aws:s3:::acme-*/*' }));
  const [ofA, ofB] = judged(shared, shared);
  const commands = [...ofA, ...ofB].flatMap(({ remediation }) => remediation?.commands ?? []);
  expect(commands.join()).not.toContain('create-policy-version');
  expect(commands.map((command) => command.split(' ')[2])).toEqual([
    'put-role-policy',
    'detach-role-policy',
    'put-role-policy',
    'detach-role-policy',
  ]);
  const [leftOfA, leftOfB] = judged(afterFixes(ofA, shared), shared);
  expect(leftOfA).toEqual([]);
  expect(leftOfB.map(({ rule }) => rule)).toEqual(ofB.map(({ rule }) => rule));
  expect(judged(afterFixes(ofA, shared), afterFixes(ofB, shared))).toEqual([[], []]);
});

test('a boundary: it allows both roles, whichever fix comes last', () => {
  const shared = boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' });
  const [ofA, ofB] = judged(shared, shared);
  for (const fixes of [
    [...ofA, ...ofB],
    [...ofB, ...ofA],
  ]) {
    const after = afterFixes(fixes, shared);
    expect(judged(after, after)).toEqual([[], []]);
  }
});

test('a policy that bounds the role as well: the boundary is corrected, and the role gets its own policy', () => {
  const both = { Version: '2012-10-17', Statement: [put({ Action: 's3:*' }), DENY] };
  const setUp: SetUp = { attachedPolicies: { boundary: both }, permissionsBoundary: both };
  const [ofA] = judged(setUp, {});
  const versions = ofA
    .flatMap(({ remediation }) => remediation?.commands ?? [])
    .filter((command) => command.startsWith('aws iam create-policy-version'));
  expect(new Set(versions).size).toBe(1);
  expect(judged(afterFixes(ofA, setUp), {})[0]).toEqual([]);
});
