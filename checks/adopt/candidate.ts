/** From what was seen of a role and its bucket to an export of the config, or to the reasons why it can't be adopted. Pure. */
import type { ConfigInput, ExportInput } from '../../config/schema';
import { contractFor, type ExportContract, type ExportDefinition } from '../../contract/contract';
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import { permissionDocument } from '../../contract/policies';
import { parsedTrustPolicy } from '../evidence/parsed';
import { letsInByName } from '../evidence/trust-callers';
import type { BucketObservation, ListedRole, Observed, RoleObservation } from '../observe/observation';
import { type BucketExtras, type BucketFacts, bucketFacts } from './bucket';
import { sameDocument } from './document';
import type { AdoptablePolicy, RoleFacts, RoleSettings } from './role';
import { unfit } from './unfit';

/** All that was seen of one role. */
export interface Seen {
  readonly accountId: string;
  readonly role: RoleObservation;
  readonly settings: RoleSettings;
  readonly facts: RoleFacts;
  /** What the role's bucket is like; `undefined` if nothing tells which bucket it is. */
  readonly bucket?: { readonly observation: Observed<BucketObservation>; readonly extras: BucketExtras };
}

/** What a role and its bucket tell of the export that they are for. */
export interface FoundFacts {
  readonly clientId?: string;
  readonly bucket?: string;
  readonly region?: string;
  /** Without an ARN for an inline policy. */
  readonly policy?: { readonly name: string; readonly arn?: string };
}

/** The result for one role. */
export interface Candidate {
  readonly role: string;
  /** What the role and its bucket tell. What nothing tells for certain is missing. */
  readonly found: FoundFacts;
  /** Enough to judge it, adopted or not. */
  readonly definition?: ExportDefinition;
  /** The export to write. */
  readonly entry?: ExportInput;
  /** What Terraform would change, one sentence each without a full stop. */
  readonly changes: readonly string[];
  /** Why there is no entry. */
  readonly reasons: readonly string[];
}

/** Whether a role is meant for ALTR: by its name, or because it lets ALTR's account in by name. */
export function isForAltr(role: ListedRole, altrAccountId: string): boolean {
  return hasRoleNamePrefix(role.name) || letsInByName(parsedTrustPolicy(role.trustPolicy), altrAccountId);
}

/** @param name the export's name */
export function candidateOf(seen: Seen, name: string, altr: ConfigInput['altr']): Candidate {
  const { role, facts } = seen;
  if (facts.bucket === undefined || !seen.bucket)
    return { role: role.name, found: foundFacts(facts), changes: [], reasons: facts.reasons };
  const bucket = bucketFacts(facts.bucket, seen.bucket.observation, seen.bucket.extras);
  const found = foundFacts(facts, bucket.region);
  const reasons = [...facts.reasons, ...bucket.reasons];
  const definition =
    facts.clientId !== undefined && bucket.region !== undefined && partitionOf(bucket.region)
      ? {
          name,
          altrAccountId: altr.awsAccountId,
          clientId: facts.clientId,
          bucket: facts.bucket,
          region: bucket.region,
          roleName: role.name,
        }
      : undefined;
  if (reasons.length > 0 || !definition || !facts.policy) {
    return { role: role.name, found, definition, changes: [], reasons };
  }
  const entry = entryOf(seen, definition, facts.policy, bucket);
  const faults = unfit(altr, entry);
  if (faults.length > 0) return { role: role.name, found, definition, changes: [], reasons: faults };
  return {
    role: role.name,
    found,
    definition,
    entry,
    changes: [...changesOf(seen, definition, facts.policy, bucket.kmsKeyArn), ...bucket.changes],
    reasons,
  };
}

function foundFacts({ clientId, bucket, policy }: RoleFacts, region?: string): FoundFacts {
  return {
    clientId,
    bucket,
    region,
    ...(policy === undefined ? {} : { policy: { name: policy.name, arn: policy.arn } }),
  };
}

/** A name for an export from its role's: `ALTRPublishSIEMDataAcmeProd` gives `acme-prod`. */
export function exportNameFor(roleName: string, taken: ReadonlySet<string>): string {
  const rest = roleName.slice(hasRoleNamePrefix(roleName) ? ROLE_NAME_PREFIX.length : 0) || roleName;
  const words = rest
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
  const name = words || 'altr-export';
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  return free;
}

function entryOf(
  { accountId, role, settings, facts }: Seen,
  { name, clientId, bucket, region, roleName }: ExportDefinition,
  policy: AdoptablePolicy,
  { kmsKeyArn, bucketKeys, objectLock, settings: bucketSettings }: BucketFacts,
): ExportInput {
  const encryption = {
    ...(kmsKeyArn ? { type: 'kms' as const, kmsKeyArn } : {}),
    bucketKeys,
  };
  return {
    name,
    accountId,
    clientId,
    bucket,
    region,
    roleName,
    ...(Object.keys(encryption).length > 0 ? { encryption } : {}),
    ...(objectLock ? { retention: { objectLock: true, ...objectLock } } : {}),
    role: {
      description: settings.description ?? '',
      ...(role.path === '/' ? {} : { path: role.path }),
      ...(sessionHours(settings) === 1 ? {} : { maxSessionHours: sessionHours(settings) }),
      ...(policy.arn === undefined || policy.name === roleName ? {} : { policyName: policy.name }),
      permissionsBoundary: facts.boundaryArn,
    },
    adopt: {
      policyArn: policy.arn,
      bucketSettings: [...bucketSettings],
    },
  };
}

/** IAM counts sessions in seconds, the config in hours. */
function sessionHours({ maxSessionDuration }: RoleSettings): number {
  return Math.ceil(maxSessionDuration / 3600);
}

function changesOf(
  { role, settings }: Seen,
  definition: ExportDefinition,
  policy: AdoptablePolicy,
  kmsKeyArn?: string,
): string[] {
  const contract = contractFor(definition);
  const trust = role.trustPolicy.state === 'value' ? role.trustPolicy.value.text : '';
  const hours = sessionHours(settings);
  return [
    ...(sameDocument(trust, contract.trust)
      ? []
      : ['the trust policy is replaced by the one of the vendor’s page']),
    ...policyChanges(policy, contract, kmsKeyArn),
    ...(hours * 3600 === settings.maxSessionDuration
      ? []
      : [`the longest session goes from ${settings.maxSessionDuration} to ${hours * 3600} seconds`]),
  ];
}

function policyChanges(
  { name, arn, text }: AdoptablePolicy,
  { partition, bucket, roleName }: ExportContract,
  kmsKeyArn?: string,
): string[] {
  const same = sameDocument(text, permissionDocument(partition, bucket, kmsKeyArn));
  // With a key the policy also grants what writing needs of it.
  const asked = `what the vendor’s page asks for${kmsKeyArn ? ' and the use of the key' : ''}`;
  if (arn !== undefined) return same ? [] : [`the policy ${name} gets a new version with ${asked}`];
  return [
    `a managed policy ${roleName} with ${asked} is made and attached, and then the inline policy ${name}${same ? ', which says the same,' : ''} is taken off`,
  ];
}
