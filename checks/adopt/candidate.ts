/** From what was seen of a role and its bucket to an export of the config, or to the reasons why it can't be adopted. Pure. */
import type { ExportInput } from '../../contract/config/schema';
import { contractFor, type ExportDefinition } from '../../contract/contract';
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import type { BucketObservation, ListedRole, Observed, RoleObservation } from '../observe/observation';
import { parsePolicy } from '../policy';
import { letsInByName } from '../rules/trust-callers';
import { type BucketExtras, bucketFacts } from './bucket';
import { sameDocument } from './document';
import type { RoleFacts, RoleSettings } from './role';

/** All that was seen of one role. */
export interface Seen {
  readonly accountId: string;
  readonly role: RoleObservation;
  readonly settings: RoleSettings;
  readonly facts: RoleFacts;
  /** What the role's bucket is like; `undefined` where nothing tells which bucket it is. */
  readonly bucket?: { readonly observation: Observed<BucketObservation>; readonly extras: BucketExtras };
}

/** What came of one role. */
export interface Candidate {
  readonly role: string;
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
  return hasRoleNamePrefix(role.name) || letsInByName(parsePolicy(role.trustPolicy), altrAccountId);
}

/** @param name the export's name */
export function candidateOf(seen: Seen, name: string, altrAccountId: string): Candidate {
  const { role, facts } = seen;
  if (facts.bucket === undefined || !seen.bucket)
    return { role: role.name, changes: [], reasons: facts.reasons };
  const bucket = bucketFacts(facts.bucket, seen.bucket.observation, seen.bucket.extras);
  const reasons = [...facts.reasons, ...bucket.reasons];
  const definition =
    facts.clientId !== undefined && bucket.region !== undefined && partitionOf(bucket.region)
      ? {
          name,
          altrAccountId,
          clientId: facts.clientId,
          bucket: facts.bucket,
          region: bucket.region,
          roleName: role.name,
        }
      : undefined;
  if (reasons.length > 0 || !definition || !facts.policy) {
    return { role: role.name, ...(definition ? { definition } : {}), changes: [], reasons };
  }
  const entry = entryOf(seen, definition, facts.policy, bucket);
  return {
    role: role.name,
    definition,
    entry,
    changes: [...changesOf(seen, definition, bucket.kmsKeyArn), ...bucket.changes],
    reasons,
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
  policy: NonNullable<RoleFacts['policy']>,
  { kmsKeyArn, settings: bucketSettings }: ReturnType<typeof bucketFacts>,
): ExportInput {
  return {
    name,
    accountId,
    clientId,
    bucket,
    region,
    roleName,
    ...(kmsKeyArn ? { encryption: { type: 'kms' as const, kmsKeyArn } } : {}),
    role: {
      description: settings.description ?? '',
      ...(role.path === '/' ? {} : { path: role.path }),
      ...(sessionHours(settings) === 1 ? {} : { maxSessionHours: sessionHours(settings) }),
      ...(policy.name === roleName ? {} : { policyName: policy.name }),
      ...(facts.boundaryArn ? { permissionsBoundary: facts.boundaryArn } : {}),
    },
    adopt: { policyArn: policy.arn, bucketSettings: [...bucketSettings] },
  };
}

/** IAM counts sessions in seconds, the config in hours. */
function sessionHours({ maxSessionDuration }: RoleSettings): number {
  return Math.ceil(maxSessionDuration / 3600);
}

function changesOf(
  { role, settings, facts }: Seen,
  definition: ExportDefinition,
  kmsKeyArn?: string,
): string[] {
  const contract = contractFor(definition);
  const trust = role.trustPolicy.state === 'value' ? role.trustPolicy.value.text : '';
  const hours = sessionHours(settings);
  return [
    ...(sameDocument(trust, contract.trust)
      ? []
      : ['the trust policy is replaced by the one of the vendor’s page']),
    // With a key the policy also grants what writing needs of it.
    ...(kmsKeyArn === undefined && sameDocument(facts.policy?.text ?? '', contract.permissions)
      ? []
      : [
          `the policy ${facts.policy?.name} gets a new version with what the vendor’s page asks for${kmsKeyArn ? ' and the use of the key' : ''}`,
        ]),
    ...(hours * 3600 === settings.maxSessionDuration
      ? []
      : [`the longest session goes from ${settings.maxSessionDuration} to ${hours * 3600} seconds`]),
  ];
}
