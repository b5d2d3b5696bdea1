/** How to close the ways by which logs leave the account. */
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import type { RuleContext } from '../evidence/context';
import type { ForeignPrincipal } from '../evidence/foreign-principals';
import type {
  AccessPoint,
  Inventory,
  KmsGrant,
  KmsKeyObservation,
  Replication,
  ReplicationRule,
} from '../observe/observation';
import type { Policy } from '../policy';
import type { Remediation } from '../verdict/finding';
import { configChange, destroyed, jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, withoutPrincipals, written } from './statements';

/** Takes one rule out of the replication and leaves the others, with all their settings, as they are. */
export function stopReplication(
  rule: ReplicationRule,
  { rules }: Replication,
  { contract, declared }: RuleContext,
): Remediation {
  const bucket = quote(contract.bucket);
  const isLast = rules.length === 1;
  return {
    summary: `Stop the replication to ${rule.destination.bucket}. Copies that are there already stay: ask their owner to delete them.`,
    commands: isLast
      ? [`aws s3api delete-bucket-replication --bucket ${bucket}`]
      : [
          `aws s3api get-bucket-replication --bucket ${bucket} --query ${quote(
            `ReplicationConfiguration.{Role: Role, Rules: Rules[?ID!='${rule.id ?? ''}']}`,
          )} > replication.json`,
          `aws s3api put-bucket-replication --bucket ${bucket} --replication-configuration file://replication.json`,
        ],
    terraform: isLast
      ? destroyed('aws_s3_bucket_replication_configuration', `of bucket ${JSON.stringify(contract.bucket)}`)
      : `# aws_s3_bucket_replication_configuration of bucket ${contract.bucket}: delete the rule ${rule.id ?? ''}`,
    cdktf: declared?.replication ? redeploy(contract) : ownReplication(contract),
  };
}

/** The kit writes a replication only if the config declares one, which then replaces the existing one. */
function ownReplication(contract: ExportContract): string | undefined {
  const { partition, region, bucket } = contract;
  if (partition !== 'aws') return undefined;
  const elsewhere = region === 'us-west-2' ? 'us-east-1' : 'us-west-2';
  return configChange(
    contract,
    `replication: # if you want copies of your own: this replaces the existing replication\n  bucket: ${bucket.slice(0, 58)}-copy\n  region: ${elsewhere}`,
  );
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

/** Takes foreign principals out of the key's policy. */
export function closeKey(
  policy: Policy,
  foreign: readonly ForeignPrincipal[],
  { arn }: KmsKeyObservation,
  { contract, declared }: RuleContext,
): Remediation {
  const document = withoutForeign(policy, foreign) ?? { Version: '2012-10-17', Statement: [] };
  const { encryption } = declared ?? {};
  const isOwn = encryption?.type === 'kms' && !encryption.kmsKeyArn;
  return {
    summary: 'Take the principals of other accounts out of the key’s policy.',
    document,
    commands: [
      `aws kms put-key-policy --region ${quote(parseArn(arn)?.region ?? '')} --key-id ${quote(arn)} --policy-name default --policy ${quoteJson(document)}`,
    ],
    terraform: resource('aws_kms_key_policy', contract.bucket, { key_id: arn, policy: jsonencode(document) }),
    cdktf: isOwn ? redeploy(contract) : undefined,
  };
}

/** Takes foreign principals out of the access point's policy. */
export function closeAccessPoint(
  { name, arn }: AccessPoint,
  policy: Policy,
  foreign: readonly ForeignPrincipal[],
): Remediation {
  const document = withoutForeign(policy, foreign);
  const { accountId = '', region = '' } = parseArn(arn) ?? {};
  const place = `--region ${quote(region)} --account-id ${quote(accountId)} --name ${quote(name)}`;
  return {
    summary: 'Take the principals of other accounts out of the access point’s policy.',
    ...(document ? { document } : {}),
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

function withoutForeign(policy: Policy, foreign: readonly ForeignPrincipal[]): object | undefined {
  const statements = written(policy).flatMap((statement) => {
    const pointers = foreign.filter((entry) => entry.statement === statement).map(({ pointer }) => pointer);
    if (pointers.length === 0) return [statement.raw];
    const left = withoutPrincipals(statement, pointers);
    return left === undefined ? [] : [left];
  });
  return documentOf(policy, statements);
}
