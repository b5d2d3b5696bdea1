import { APIS, type Api, ORGANIZATION_APIS } from '../observe/live/api';
import { auditorPermissions, auditorPolicy } from './index';
import { delegationPolicy, organizationPolicy } from './organization';

const PAGE = `# Permissions for the auditor

You want to give the auditor no more permissions than it needs.

    npx altr-audit-log-export-kit auditor-policy > policy.json
    npx altr-audit-log-export-kit auditor-policy --format terraform > altr-auditor.tf

print the IAM policy for the principal that runs \`check\`: read-only, scoped to the roles and buckets of your config, and made
from the list of API calls that a check may make. A test takes each permission away and sees some rule become \`unknown\`.
This page is generated, too.

{{TABLE}}

Only if asked for:

{{OPTIONAL}}

Four things to know:

- \`s3:ListBucket\` is what AWS demands for HeadBucket. The check lists no bucket unless the rule \`delivery-alive\` is on, but
  the permission would allow it. If that is too much, leave it out: S3 names the bucket's region with a refusal, too, and the
  settings tell whose it is. (The test's emulator names no region then.)
- The logs themselves are not readable with these permissions. \`--read-logs\` adds \`s3:GetObject\` on the buckets' objects, for the
  rule \`delivery-alive\` and \`altr-export logs\`. If the bucket is encrypted with a key of your own, that needs \`kms:Decrypt\` on
  the key as well. Logs of other buckets are never opened: if there are too many exports to name each bucket, the command refuses.
- Which policies are attached to a role, and which key a bucket uses, is only known to the audit. So policies and keys can't
  be named beforehand. Keys are limited to the regions of your exports and of their copies.
- If an export declares \`replication\`, the settings of the copies’ bucket are read as well. Print the policy anew when you add it.
- A key of another account, or an SCP that denies one of these calls, needs its owner's consent: if it is missing, the rules
  that need the answer are \`unknown\`.

For the export \`acme-prod\` of the example config:

\`\`\`json
{{POLICY}}
\`\`\`

If the config names too many exports for the document to fit into a managed policy (6,144 characters), it names all
roles and buckets of the account instead, and says so.

## Reading the organization

With the key \`organization\` the check also reads the policies of your AWS organization. That takes credentials of the organization's
management account, or of a member account to which the organization delegates it. The policy above does not allow these calls:

{{ORGANIZATION}}

    npx altr-audit-log-export-kit auditor-policy --organization > organization-policy.json

prints the policy of the role that reads it, which is the same in both accounts:

\`\`\`json
{{ORGANIZATION_POLICY}}
\`\`\`

A member account that is a delegated administrator for an AWS service may make these calls as well: AWS's API reference says for each
of them that the management account and delegated administrators may call it (DescribeOrganization: every account). Otherwise the
management account adds a statement to the organization's delegation policy (AWS Organizations User Guide, "Create a resource-based
delegation policy", and its example "View organization, OUs, accounts, and policies", of which this is the part that the check needs):

    npx altr-audit-log-export-kit auditor-policy --organization --delegate-to 210987654321 > delegation-policy.json
    aws organizations describe-resource-policy
    aws organizations put-resource-policy --content file://delegation-policy.json

\`\`\`json
{{DELEGATION_POLICY}}
\`\`\`

An organization has one delegation policy, and \`put-resource-policy\` replaces it: if the second command shows one, add the statement
to it by hand.

## A role for the scheduled scan

The construct \`AltrAuditorRole\` makes a role with these permissions. GitHub Actions or GitLab assume it by their OIDC tokens,
whose audience and subject are always demanded:

\`\`\`ts
new AltrAuditorRole(this, 'Auditor', {
  exports: config.exports,
  trust: {
    providerArn: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
    subjects: ['repo:acme/infra:ref:refs/heads/main'],
  },
});
\`\`\`

\`readLogs: true\` is what \`--read-logs\` is for the command. \`path\`, \`permissionsBoundary\` and \`tags\` are for
accounts that demand them of every role.

A subject may have a wildcard only behind the owner's slash: \`repo:acme/infra:*\` is fine, \`repo:acme*\` would let in the repositories of
anybody who registers the owner \`acme-evil\`. A scan that runs in another account is let in by
\`trust: { accountId: '210987654321', externalId: 'altr-audit' }\`; the external ID may be left out.
`;

/** The permissions' page, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const always = auditorPermissions();
  const asked = auditorPermissions({ readLogs: true, hasFeed: true, accessGrants: true }).filter(
    (permission) => !always.includes(permission),
  );
  const header = ['permission', 'for', 'scoped to'];
  const { document } = auditorPolicy([
    { bucket: 'acme-altr-audit-logs', region: 'us-east-1', roleName: 'ALTRPublishSIEMDataAcmeProd' },
  ]);
  return {
    'docs/auditor-permissions.md': PAGE.replace('{{TABLE}}', table(header, always.map(row)))
      .replace('{{OPTIONAL}}', table([...header, 'if'], asked.map(optionalRow)))
      .replace('{{POLICY}}', JSON.stringify(document, null, 2))
      .replace(
        '{{ORGANIZATION}}',
        table(
          ['permission', 'for'],
          (Object.keys(PURPOSES) as (keyof typeof PURPOSES)[]).map((name) => [
            ORGANIZATION_APIS[name].permission,
            PURPOSES[name],
          ]),
        ),
      )
      .replace('{{ORGANIZATION_POLICY}}', JSON.stringify(organizationPolicy(), null, 2))
      .replace('{{DELEGATION_POLICY}}', JSON.stringify(delegationPolicy('aws', '210987654321'), null, 2)),
  };
}

/** What each call about the organization is for. */
const PURPOSES: Readonly<Record<keyof typeof ORGANIZATION_APIS, string>> = {
  'organizations:DescribeOrganization': 'its ID, and its management account, which no such policy binds',
  'organizations:ListRoots': 'the root, and which types of policies are enabled',
  'organizations:ListParents': 'the units between an export’s account and the root',
  'organizations:ListPoliciesForTarget': 'the policies of the root, of each such unit and account, by type',
  'organizations:DescribePolicy': 'the document of each of them',
};

/** The calls that a permission allows. */
function callsOf(permission: string): [string, Api][] {
  return Object.entries<Api>(APIS).filter(([, api]) => api.permission === permission);
}

function row(permission: string): string[] {
  const calls = callsOf(permission).filter(
    ([, { optional, feed, accessGrants }]) => !optional && !feed && !accessGrants,
  );
  return [permission, calls.map(([name]) => name).join(', '), scopesOf(calls[0]?.[1])];
}

function optionalRow(permission: string): string[] {
  const calls = callsOf(permission);
  const { scope = 'account', ...asked } = calls[0]?.[1] ?? {};
  return [permission, calls.map(([name]) => name).join(', '), SCOPES[scope], whenAsked(asked)];
}

function whenAsked({ feed, accessGrants }: Pick<Api, 'feed' | 'accessGrants'>): string {
  if (feed) return 'an export declares `splunkFeed` or `alerts`';
  return accessGrants ? 'an export has `accessGrants: true`' : '`--read-logs`';
}

const SCOPES: Readonly<Record<Api['scope'], string>> = {
  role: 'the declared roles, on any path',
  'altr-role': 'roles with the prefix',
  policy: 'managed policies',
  bucket: 'the declared buckets',
  object: 'the declared buckets’ objects',
  key: 'keys in the exports’ regions',
  topic: 'the topics of declared feeds',
  queue: 'the queues of declared feeds',
  'access-grants': 'S3 Access Grants in the exports’ regions',
  account: 'the account: AWS knows nothing narrower',
};

function scopesOf({ scope, also }: Pick<Api, 'scope' | 'also'> = { scope: 'account' }): string {
  return [scope, also].flatMap((each) => (each ? SCOPES[each] : [])).join('; ');
}

/** A table as the formatter wants it. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const draw = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    draw(header),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(draw),
  ].join('\n');
}
