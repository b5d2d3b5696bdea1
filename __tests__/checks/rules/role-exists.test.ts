import { findingsOf } from './support';

const of = (setUp: Parameters<typeof findingsOf>[0]) =>
  findingsOf(setUp).filter(({ rule }) => rule === 'role-exists');

test('a missing role is named with its account, and no other rule about the role speaks', () => {
  const findings = findingsOf({ roleExists: false });
  expect(of({ roleExists: false })).toMatchObject([
    {
      status: 'fail',
      message: 'There is no role ALTRPublishSIEMDataAcmeProd in account 123456789012.',
      actual: null,
    },
  ]);
  expect(findings.filter(({ rule }) => /^(trust|permissions|role-name)/.test(rule))).toEqual([]);
});

test('a role that is there passes, by its ARN', () => {
  expect(of({})).toMatchObject([
    { status: 'pass', resource: 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcmeProd' },
  ]);
});

test('the role is made in the declared path, in which it has to stay, and within the declared boundary', () => {
  const permissionsBoundary = 'arn:aws:iam::123456789012:policy/boundary';
  const [finding] = findingsOf({
    roleExists: false,
    declares: { role: { path: '/altr/', permissionsBoundary } },
  }).filter(({ rule }) => rule === 'role-exists');
  expect(finding?.remediation?.commands?.[0]).toContain(
    ` --path /altr/ --permissions-boundary ${permissionsBoundary} `,
  );
  expect(finding?.remediation?.terraform).toContain('"/altr/"');
  expect(finding?.remediation?.terraform).toContain(`permissions_boundary = "${permissionsBoundary}"`);
});
