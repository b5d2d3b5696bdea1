/**
 * What a request of ALTR's looks like: for each condition key whether AWS always sets it and to what, never sets it, or
 * nobody but ALTR knows. Source, where no other is named: IAM User Guide, "AWS global condition context keys".
 */

import type { Assumptions } from '../../config/options/assumptions';
import type { ExportContract } from '../../contract/contract';
import { type Partition, s3ViaService } from '../../contract/partition';
import { accountRootArn, bucketObjectsArn, EXTERNAL_ID_KEY } from '../../contract/policies';
import { type Caller, type Fact, RequestContext } from '../policy';

/** Any principal of ALTR's account: which one it uses, only ALTR knows. */
export function altrCaller(contract: ExportContract): Caller {
  return { accountId: contract.altrAccountId };
}

const never = (why: string): Fact => ({ kind: 'absent', why });
const is = (value: string, why: string): Fact => ({ kind: 'value', value, why });
const VIA_SERVICE = never('set only where an AWS service calls on somebody’s behalf');

/** Keys that say who somebody is that is no AWS service, and that nobody can choose. */
export const NO_SERVICE: Readonly<Record<string, Fact>> = {
  'aws:PrincipalIsAWSService': is('false', 'the principal is no AWS service'),
  'aws:PrincipalServiceName': VIA_SERVICE,
  'aws:PrincipalServiceNamesList': VIA_SERVICE,
  'aws:SourceAccount': VIA_SERVICE,
  'aws:SourceArn': VIA_SERVICE,
  'aws:SourceOrgID': VIA_SERVICE,
  'aws:SourceOrgPaths': VIA_SERVICE,
  'aws:SourceOwner': VIA_SERVICE,
};

/** The time at which somebody acts who can wait: now, or any later. */
export function fromNowOn(observedAt: string): Readonly<Record<string, Fact>> {
  const later: Fact = { kind: 'present', domain: { kind: 'not-before', time: observedAt } };
  return { 'aws:CurrentTime': later, 'aws:EpochTime': later };
}

/** ARNs that principals of an account have in `aws:PrincipalArn`: that of a role also for its sessions. */
export function principalArns(partition: Partition, accountId: string): string[] {
  return [
    accountRootArn(partition, accountId),
    ...assumerArns(partition, accountId),
    `arn:${partition}:sts::${accountId}:federated-user/*`,
  ];
}

/** ARNs of those that can assume roles: neither the root user nor a federated user can (IAM User Guide, "Compare AWS STS credentials"). */
function assumerArns(partition: Partition, accountId: string): string[] {
  return ['role', 'user'].map((kind) => `arn:${partition}:iam::${accountId}:${kind}/*`);
}

/** What makes a request of ALTR's an ordinary one: keys that are the same in each, though somebody else might choose otherwise. */
function ordinary(observedAt: string, assumptions: Assumptions): Record<string, Fact> {
  const endpoint = (example: string): Fact => ({
    kind: 'open',
    domain: { kind: 'unnamed', example },
    why: 'set only for requests through a VPC endpoint, and ALTR doesn’t come through yours',
  });
  return {
    ...NO_SERVICE,
    'aws:SecureTransport': is('true', 'ALTR uses TLS'),
    'aws:CurrentTime': is(observedAt, 'the time of the audit'),
    'aws:EpochTime': is(String(Math.floor(Date.parse(observedAt) / 1000)), 'the time of the audit'),
    'aws:SourceIp': {
      kind: 'present',
      domain: assumptions.sourceIpRanges
        ? { kind: 'addresses', ranges: assumptions.sourceIpRanges }
        : { kind: 'public-address' },
      why: 'ALTR comes over the public internet, from addresses that only ALTR knows',
    },
    'aws:SourceVpc': endpoint('vpc-\u{E000}'),
    'aws:SourceVpcArn': endpoint('arn:aws:ec2:\u{E000}:\u{E000}:vpc/vpc-\u{E000}'),
    'aws:SourceVpce': endpoint('vpce-\u{E000}'),
    'aws:VpceAccount': endpoint('\u{E000}'),
    'aws:VpceOrgID': endpoint('o-\u{E000}'),
    'aws:VpceOrgPaths': endpoint('o-\u{E000}/r-\u{E000}/'),
    'aws:CalledVia': VIA_SERVICE,
    'aws:CalledViaFirst': VIA_SERVICE,
    'aws:CalledViaLast': VIA_SERVICE,
    'aws:ViaAWSService': is('false', 'ALTR calls directly'),
    'aws:username': never('set only for IAM users'),
    // Absent with long-term credentials, "false" with temporary ones: never "true", no person logs in.
    'aws:MultiFactorAuthPresent': {
      kind: 'open',
      domain: { kind: 'other-than', values: ['true'] },
      why: 'nobody enters an MFA code for a scheduled export',
    },
    'aws:MultiFactorAuthAge': never('nobody enters an MFA code for a scheduled export'),
    'aws:referer': never('set only by browsers'),
    'aws:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
    'aws:FederatedProvider': never('ALTR’s principal is of its own account, not of an identity provider'),
  };
}

/** The longest that a role's session lasts. */
const SESSION_HOURS = 12;

/** ALTR's direct AssumeRole from its own account. Keys: IAM User Guide, "IAM and AWS STS condition context keys". */
export function assumeRoleContext(
  contract: ExportContract,
  facts: { observedAt: string; accountId: string | null; assumptions: Assumptions },
): RequestContext {
  // ALTR may be in an organisation of its own, or in none.
  const notYours = (example: string): Fact => ({
    kind: 'open',
    domain: { kind: 'unnamed', example },
    why: 'ALTR’s account is not in your organisation',
  });
  const somewhere = 'o-\u{E000}';
  const untagged = never('ALTR’s ordinary call passes no session tags');
  const whereAltrRuns: Fact = { kind: 'open', why: 'only ALTR knows on which of AWS’s services it runs' };
  const sessionBegan = new Date(Date.parse(facts.observedAt) - SESSION_HOURS * 3_600_000).toISOString();
  return new RequestContext(
    {
      ...ordinary(facts.observedAt, facts.assumptions),
      [EXTERNAL_ID_KEY]: is(contract.clientId, 'ALTR sends the customer’s client ID'),
      'sts:RoleSessionName': { kind: 'present', why: 'AssumeRole demands one; only ALTR knows which' },
      'sts:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
      'sts:TransitiveTagKeys': untagged,
      'aws:RequestTag/': untagged,
      'aws:TagKeys': untagged,
      'aws:PrincipalAccount': is(contract.altrAccountId, 'ALTR’s account'),
      'aws:PrincipalArn': {
        kind: 'present',
        domain: { kind: 'matching', patterns: assumerArns(contract.partition, contract.altrAccountId) },
        why: 'a role or a user of ALTR’s account, and only ALTR knows which',
      },
      'aws:TokenIssueTime': { kind: 'open', domain: { kind: 'not-before', time: sessionBegan } },
      // Set for credentials that an instance or a function was given.
      'aws:Ec2InstanceSourceVpc': whereAltrRuns,
      'aws:Ec2InstanceSourcePrivateIPv4': whereAltrRuns,
      'ec2:SourceInstanceArn': whereAltrRuns,
      'ec2:RoleDelivery': whereAltrRuns,
      'lambda:SourceFunctionArn': whereAltrRuns,
      'ssm:SourceInstanceArn': whereAltrRuns,
      'glue:RoleAssumedBy': whereAltrRuns,
      'glue:CredentialIssuingService': whereAltrRuns,
      'aws:userid': { kind: 'present' },
      'aws:PrincipalType': { kind: 'present' },
      'aws:PrincipalOrgID': notYours(somewhere),
      'aws:PrincipalOrgPaths': notYours(`${somewhere}/r-\u{E000}/`),
      'aws:PrincipalOrgMasterAccountId': notYours('\u{E000}'),
      'aws:UserAgent': { kind: 'present' },
      ...(facts.accountId ? { 'aws:ResourceAccount': is(facts.accountId, 'the role’s account') } : {}),
    },
    ['aws', 'sts', 'iam'],
  );
}

/** The role as its session calls AWS services. */
export interface RoleFacts {
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly observedAt: string;
  readonly assumptions: Assumptions;
}

/**
 * What is true of every request of the role's session, whoever holds its credentials and whatever they choose: what counts
 * for how far the role could go.
 */
export function sessionContext(role: RoleFacts): RequestContext {
  return new RequestContext({ ...identity(role), ...fromNowOn(role.observedAt) });
}

function identity(role: RoleFacts): Record<string, Fact> {
  const own: Fact = role.assumptions.organizationId
    ? is(role.assumptions.organizationId, 'your organisation, as the config declares it')
    : { kind: 'open', why: 'the audit does not read which organisation the account is in' };
  return {
    ...NO_SERVICE,
    'aws:PrincipalArn': is(role.roleArn, 'the role itself, also for its sessions'),
    'aws:PrincipalAccount': is(role.accountId, 'the role’s account'),
    'aws:PrincipalType': is('AssumedRole', 'the session of a role'),
    'aws:userid': { kind: 'present', why: 'the role’s unique ID and the session’s name' },
    'aws:username': never('set only for IAM users'),
    'aws:PrincipalOrgID': own,
    'aws:ResourceOrgID': own,
    'aws:UserAgent': { kind: 'present' },
  };
}

/** An ordinary request of ALTR's with the role's session. */
function altrContext(role: RoleFacts, services: Iterable<string>): RequestContext {
  return new RequestContext(
    {
      ...ordinary(role.observedAt, role.assumptions),
      ...identity(role),
      'aws:TokenIssueTime': is(role.observedAt, 'ALTR assumes the role anew'),
    },
    services,
  );
}

/** PutObject into the bucket. Keys: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */
export function putObjectContext(role: RoleFacts): RequestContext {
  const { serverSideEncryptionHeader, aclHeader } = role.assumptions;
  const header = (value: string | undefined): Fact =>
    value === undefined
      ? { kind: 'open', why: 'only ALTR knows which headers it sends' }
      : value === 'none'
        ? never('ALTR sends no such header, as the config declares')
        : is(value, 'ALTR’s header, as the config declares it');
  const notInPut = never('PutObject never carries the key');
  const canned = header(aclHeader);
  // S3 refuses header grants beside a canned ACL, and a customer's key beside another encryption.
  const besideAcl: Fact =
    canned.kind === 'open'
      ? canned
      : never('ALTR sends no such header beside the ACL that the config declares');
  const besideEncryption: Fact =
    serverSideEncryptionHeader === undefined
      ? header(undefined)
      : never('ALTR sends no such header beside the encryption that the config declares');
  return altrContext(role, ['aws', 's3']).with({
    's3:TlsVersion': {
      kind: 'present',
      domain: { kind: 'at-least', number: 1.2 },
      why: 'S3 refuses older versions of TLS',
    },
    's3:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:RequestedRegion': is(role.region, 'the bucket’s region'),
    's3:signatureversion': is('AWS4-HMAC-SHA256', 'the only version that S3 takes for new buckets'),
    's3:x-amz-server-side-encryption': header(serverSideEncryptionHeader),
    's3:x-amz-server-side-encryption-customer-algorithm': besideEncryption,
    's3:x-amz-server-side-encryption-aws-kms-key-id':
      serverSideEncryptionHeader === 'aws:kms' ? header(undefined) : besideEncryption,
    's3:x-amz-acl': canned,
    's3:x-amz-grant-full-control': besideAcl,
    's3:x-amz-grant-read': besideAcl,
    's3:x-amz-grant-read-acp': besideAcl,
    's3:x-amz-grant-write': besideAcl,
    's3:x-amz-grant-write-acp': besideAcl,
    's3:prefix': notInPut,
    's3:delimiter': notInPut,
    's3:max-keys': notInPut,
    's3:VersionId': notInPut,
    's3:DataAccessPointArn': never('ALTR names the bucket, no access point'),
    's3:DataAccessPointAccount': never('ALTR names the bucket, no access point'),
    's3:AccessPointNetworkOrigin': never('ALTR names the bucket, no access point'),
  });
}

/** S3's use of a KMS key on the session's behalf. Keys: KMS Developer Guide, "AWS KMS condition keys". */
export function keyContext(role: RoleFacts): RequestContext {
  return altrContext(role, ['aws', 'kms']).with({
    'kms:ViaService': is(s3ViaService(role.region), 'S3 asks for the key on the session’s behalf'),
    'kms:CallerAccount': is(role.accountId, 'the role’s account'),
    'kms:GrantIsForAWSResource': never('set only for grants'),
    'kms:EncryptionContext:aws:s3:arn': {
      kind: 'present',
      domain: { kind: 'matching', patterns: [role.bucketArn, `${role.bucketArn}/?*`] },
      why: 'the object’s ARN, or the bucket’s where it has an S3 Bucket Key',
    },
    'aws:ViaAWSService': { kind: 'open' },
    'aws:CalledVia': { kind: 'open' },
    'aws:CalledViaFirst': { kind: 'open' },
    'aws:CalledViaLast': { kind: 'open' },
    'aws:SourceIp': { kind: 'open', domain: { kind: 'public-address' } },
  });
}

/** Every object that ALTR may write: a key has at least one character (Amazon S3 User Guide, "Naming Amazon S3 objects"). */
export function everyKey(contract: ExportContract): string {
  return bucketObjectsArn(contract.partition, contract.bucket).replace(/\*$/, '?*');
}
