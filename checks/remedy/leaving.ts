/** How to close the ways by which logs leave the account. */
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import { bucketArn } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { list } from '../evidence/excess-grants';
import type { ForeignPrincipal } from '../evidence/foreign-principals';
import type {
  AccessGrant,
  AccessPoint,
  Inventory,
  KmsGrant,
  KmsKeyObservation,
  Replication,
  ReplicationRule,
} from '../observe/observation';
import type { Policy } from '../policy';
import type { Remediation } from '../verdict/finding';
import { destroyed, jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, written } from './statements';
import { type Limit, withinAccount, wordChanges } from './within-account';

/** Takes rules out of the replication and leaves the others, with all their settings, as they are. */
export function stopReplication(
  stopped: readonly ReplicationRule[],
  { rules }: Replication,
  { contract, declared }: RuleContext,
): Remediation {
  const bucket = quote(contract.bucket);
  const isAll = rules.length === stopped.length;
  const others = stopped.map(({ id = '' }) => `ID!=${rawString(id)}`).join(' && ');
  const targets = [...new Set(stopped.map(({ destination }) => destination.bucket))];
  const own = declared?.replication && bucketArn(contract.partition, declared.replication.bucket);
  const isDeclared = own !== undefined && targets.includes(own);
  const first = isDeclared
    ? 'Name a bucket of this account in replication.bucket, since a deploy would start it again. '
    : '';
  return {
    summary: `${first}Stop the replication to ${list(targets)}. Copies that are there already stay: ask their owner to delete them.`,
    commands: isAll
      ? [`aws s3api delete-bucket-replication --bucket ${bucket}`]
      : [
          `aws s3api get-bucket-replication --bucket ${bucket} --query ${quote(
            `ReplicationConfiguration.{Role: Role, Rules: Rules[?${others}]}`,
          )} > replication.json`,
          `aws s3api put-bucket-replication --bucket ${bucket} --replication-configuration file://replication.json`,
        ],
    terraform: isAll
      ? destroyed('aws_s3_bucket_replication_configuration', `of bucket ${JSON.stringify(contract.bucket)}`)
      : `# aws_s3_bucket_replication_configuration of bucket ${contract.bucket}: delete ${stopped.map(({ id = '' }) => `the rule ${id}`).join(', ')}`,
    // The kit writes one rule. A deploy replaces every other.
    cdktf: own && !isDeclared && rules.length - stopped.length <= 1 ? redeploy(contract) : undefined,
  };
}

/** A literal of JMESPath. */
function rawString(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

export function stopInventory({ id }: Inventory, { contract }: RuleContext): Remediation {
  return {
    summary: 'Stop the inventory. Lists that are there already stay: ask their owner to delete them.',
    commands: [
      `aws s3api delete-bucket-inventory-configuration --bucket ${quote(contract.bucket)} --id ${quote(id)}`,
    ],
    terraform: destroyed(
      'aws_s3_bucket_inventory',
      `${JSON.stringify(id)} of bucket ${JSON.stringify(contract.bucket)}`,
    ),
  };
}

export function revokeGrant({ grantId }: KmsGrant, { arn }: KmsKeyObservation): Remediation {
  const region = quote(parseArn(arn)?.region ?? '');
  return {
    summary: 'Revoke the grant. What relies on it can’t use the key any more.',
    commands: [`aws kms revoke-grant --region ${region} --key-id ${quote(arn)} --grant-id ${quote(grantId)}`],
    terraform: destroyed('aws_kms_grant', `grant ${grantId}`),
  };
}

/** The retiring principal is not observed. */
const RETIRING =
  'The new grant has no retiring principal: if aws kms list-grants shows that the old one has, add it by --retiring-principal.';

/** Leaves of a grant only some operations: a grant can't be changed, so another comes before it goes. */
export function narrowGrant(
  grant: KmsGrant,
  key: KmsKeyObservation,
  operations: readonly string[],
): Remediation {
  const { granteePrincipal, grantId, name, constraints } = grant;
  const revoked = revokeGrant(grant, key);
  const children = grant.operations.includes('CreateGrant')
    ? ' Grants that were made by it stay: aws kms list-grants shows them.'
    : '';
  if (operations.length === 0)
    return {
      ...revoked,
      summary: `Revoke the grant: no use of the key that the role has rests on it.${children}`,
    };
  const { region = '' } = parseArn(key.arn) ?? {};
  return {
    summary: `Make a grant of ${list(operations)} alone, and revoke the grant ${grantId} then. ${RETIRING}${children}`,
    commands: [
      [
        `aws kms create-grant --region ${quote(region)} --key-id ${quote(key.arn)} --grantee-principal ${quote(granteePrincipal)}`,
        `--operations ${operations.map(quote).join(' ')}`,
        ...(constraints ? [`--constraints ${quoteJson(asGiven(constraints))}`] : []),
        ...(name ? [`--name ${quote(name)}`] : []),
      ].join(' '),
      ...(revoked.commands ?? []),
    ],
    terraform: `# aws_kms_grant, grant ${grantId}\noperations = ${JSON.stringify(operations)}`,
  };
}

/** Constraints as KMS takes them. */
function asGiven({ encryptionContextEquals, encryptionContextSubset, sourceArn }: Constraints): object {
  return {
    EncryptionContextEquals: encryptionContextEquals,
    EncryptionContextSubset: encryptionContextSubset,
    SourceArn: sourceArn,
  };
}

type Constraints = NonNullable<KmsGrant['constraints']>;

/** A grant that reaches other buckets, too, can't just go: others rely on it there. */
export function deleteAccessGrant(
  { id, scope }: AccessGrant,
  accountId: string,
  { contract }: RuleContext,
): Remediation {
  const ofLogs = `s3://${contract.bucket}`;
  if (scope !== ofLogs && !scope.startsWith(`${ofLogs}/`))
    return {
      summary: `Replace the grant by grants for each of the other buckets that it reaches (its scope is ${scope}), and delete it then.`,
    };
  return {
    summary: 'Delete the grant. See first who relies on it.',
    commands: [
      `aws s3control delete-access-grant --region ${quote(contract.region)} --account-id ${quote(accountId)} --access-grant-id ${quote(id)}`,
    ],
    terraform: destroyed('aws_s3control_access_grant', `grant ${id}`),
  };
}

const ACCESS_POINT_CHANGES = {
  removed: 'Take the principals of other accounts out of the access point’s policy.',
  'everybody-limited': 'Limit what the access point’s policy grants everybody to this account.',
  'services-limited': 'Let AWS services act by the access point’s policy on behalf of this account alone.',
  'not-principal-removed':
    'Remove the Allow with NotPrincipal from the access point’s policy: IAM does not support it. Those in the account who rely on it need grants by name.',
} as const;

/** Takes foreign principals out of the access point's policy. */
export function closeAccessPoint(
  { name, arn }: AccessPoint,
  policy: Policy,
  foreign: readonly ForeignPrincipal[],
  bucketAccountId: string,
  { partition }: ExportContract,
): Remediation {
  const account = { partition, accountId: bucketAccountId, callerKey: 'aws:PrincipalAccount' } as const;
  const changes = new Set<Limit>();
  const statements = written(policy).flatMap((statement) => {
    const pointers = foreign.filter((entry) => entry.statement === statement).map(({ pointer }) => pointer);
    if (pointers.length === 0) return [statement.raw];
    const limited = withinAccount(statement, pointers, account, changes);
    return [limited.people, limited.services].filter((raw) => raw !== undefined);
  });
  const document = documentOf(policy, statements);
  const { accountId = '', region = '' } = parseArn(arn) ?? {};
  const place = `--region ${quote(region)} --account-id ${quote(accountId)} --name ${quote(name)}`;
  return {
    summary: wordChanges(ACCESS_POINT_CHANGES, changes),
    document,
    commands: [
      document
        ? `aws s3control put-access-point-policy ${place} --policy ${quoteJson(document)}`
        : `aws s3control delete-access-point-policy ${place}`,
    ],
    terraform: document
      ? resource('aws_s3control_access_point_policy', name, {
          access_point_arn: arn,
          policy: jsonencode(document),
        })
      : destroyed('aws_s3control_access_point_policy', `of access point ${JSON.stringify(name)}`),
  };
}
